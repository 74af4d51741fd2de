"""How each verb is typed, shown at the end of its help. A test has the command line parse every line."""

from __future__ import annotations

import click

EXAMPLES: dict[str, tuple[str, ...]] = {
    "demo": ("glabella demo", "glabella demo --keep --serve"),
    "run": ("glabella run", "glabella run --forever"),
    "serve": ("glabella serve", "glabella serve --host 0.0.0.0 --port 8080"),
    "doctor": ("glabella doctor",),
    "prune": ("glabella prune", "glabella prune --days 90 --json"),
    "migrate": ("glabella migrate",),
    "adduser": (
        "glabella adduser edith",
        "glabella adduser olga --role operator",
        "cat password.txt | glabella adduser edith --password-stdin",
    ),
    "source add": (
        "glabella source add https://paper.example/feed --tag press",
        "glabella source add https://office.example/notices/ --kind listing --tag safety",
    ),
    "source check": ("glabella source check https://paper.example/sitemap.xml --kind sitemap",),
    "source list": ("glabella source list",),
    "source edit": ("glabella source edit paper.example --tag press --tag safety --trust 0.8",),
    "source pause": ("glabella source pause paper.example",),
    "source resume": ("glabella source resume paper.example",),
    "source rules": (
        "glabella source rules paper.example",
        "echo 'drop: .plug' | glabella source rules paper.example --set -",
    ),
    "crawl": ("glabella crawl", "glabella crawl --source paper.example"),
    "import": ("glabella import page.html dump.txt saved/",),
    "reprocess": ("glabella reprocess --site paper.example",),
    "topics load": ("glabella topics load",),
    "topics list": ("glabella topics list",),
    "topics rename": ("glabella topics rename nose 'Nose and airway'",),
    "topics retire": ("glabella topics retire eyes face",),
    "label": ("glabella label",),
    "train": ("glabella train --keep-champion",),
    "models": ("glabella models",),
    "promote": ("glabella promote 1a2b3c4d5e6f",),
    "rollback": ("glabella rollback",),
    "publication add": (
        "glabella publication add brow --name 'The Brow' --from news@example.org --postal '1 Paper Lane, Leeds'",
    ),
    "publication list": ("glabella publication list",),
    "story list": ("glabella story list --search implant",),
    "story show": ("glabella story show k4x7q2m9ab",),
    "draft": ("glabella draft brow",),
    "pick": ("glabella pick k4x7q2m9ab --publication brow",),
    "dismiss": ("glabella dismiss k4x7q2m9ab --publication brow",),
    "preview": ("glabella preview brow --topic toxin --topic safety",),
    "approve": ("glabella approve brow", "glabella approve brow --at '2026-12-01 07:00'"),
    "skip": ("glabella skip brow",),
    "send": ("glabella send",),
    "subscriber add": ("glabella subscriber add rosa@example.org --publication brow --topic nose --never breast",),
    "subscriber list": ("glabella subscriber list --publication brow --json",),
    "subscriber why": ("glabella subscriber why rosa@example.org",),
    "subscriber unknown": ("glabella subscriber unknown",),
    "subscriber rekey": ("glabella subscriber rekey --secret-is-lost",),
    "subscriber judge": (
        "glabella subscriber judge rosa@example.org --arrived",
        "glabella subscriber judge rosa@example.org --again",
    ),
    "extract": ("glabella extract page.html", "glabella extract --json https://paper.example/news/a-straight-nose"),
    "classify": ("cat texts.jsonl | glabella classify",),
    "evaluate": ("glabella evaluate --to report.html",),
    "train-extractor": ("glabella train-extractor .",),
}


def teach(command: click.Command, name: str) -> None:
    """Put its examples under the help of a verb, and of each verb in a group."""
    if name in EXAMPLES:
        lines = "\n".join(f"  {line}" for line in EXAMPLES[name])
        command.epilog = f"\b\nExamples:\n{lines}"
    if isinstance(command, click.Group):
        for word, inner in command.commands.items():
            teach(inner, f"{name} {word}")
