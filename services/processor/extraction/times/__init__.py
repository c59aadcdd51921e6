"""When it happened: times as the text tells them, resolved against the publication date with a precision."""

from services.processor.extraction.times.after_event import days_after
from services.processor.extraction.times.finding import find_times
from services.processor.extraction.times.mentions import TimeMention, TimeRole

__all__ = ["TimeMention", "TimeRole", "days_after", "find_times"]
