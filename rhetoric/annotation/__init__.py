"""Human work on passages: sampling them, coding them in review, and what coders said of them."""
