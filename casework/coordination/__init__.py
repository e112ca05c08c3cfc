"""What posts and taskings have in common: who posted handed-out words, when, and what may be said of it. May use
findings, posts, channels and what lies below; proposes findings, which a person writes; never says who is to blame."""
