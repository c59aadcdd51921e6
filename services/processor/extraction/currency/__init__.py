"""Which claims are no toll of a current incident, and why: trials, history, statistics, fiction, figures of speech."""

from services.processor.extraction.currency.article_view import ArticleView, view_of
from services.processor.extraction.currency.marking import mark_not_current
from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.currency.verdict import not_current

__all__ = ["ArticleView", "Reason", "mark_not_current", "not_current", "view_of"]
