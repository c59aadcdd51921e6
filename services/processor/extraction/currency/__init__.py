"""Which claims are no toll of a current incident, and why: trials, history, statistics, fiction, figures of speech."""

from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.currency.verdict import ArticleView, mark_not_current, not_current, view_of

__all__ = ["ArticleView", "Reason", "mark_not_current", "not_current", "view_of"]
