"""What a comparison shows: numbers with intervals, plots, films side by side, one page of HTML."""
