"""How well each connected system reports: timely, complete, accurate; and its corrections (plan 三(三)3)."""
