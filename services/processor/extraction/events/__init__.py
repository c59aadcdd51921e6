"""What a text says happened: event mentions, their stage, and how they part an article into incidents."""
