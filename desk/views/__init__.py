"""The pages: parse, call one queryset or step, render."""
