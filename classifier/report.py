"""Write an evaluation as one HTML file."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from classifier.evaluate import Evaluation
from classifier.plots import heat_table, interval_plot, line_plot

TEMPLATES = Path(__file__).parent / "templates"


def report_html(evaluation: Evaluation) -> str:
    """The page, complete in itself: style and drawings are inside, nothing is fetched."""

    def drawn(svg: str) -> Markup:
        return Markup(svg)  # noqa: S704 (our own drawing, whose words are escaped)

    pages = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    measured = evaluation.gold or evaluation.out_of_fold
    return pages.get_template("evaluation.html").render(
        evaluation=evaluation,
        sets=[part for part in (evaluation.out_of_fold, evaluation.gold) if part],
        f1_plot=drawn(interval_plot([(t.key, t.f1, t.low, t.high) for t in measured.topics])),
        reliability_plot=drawn(
            line_plot([(b.said, b.seen) for b in evaluation.reliability], "said", "seen", diagonal=True)
        ),
        confusion_plot=drawn(heat_table(evaluation.keys, evaluation.confusion)),
        curve_plot=drawn(line_plot([(float(n), score) for n, score in evaluation.curve], "examples", "macro-F1")),
    )
