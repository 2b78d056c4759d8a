"""What pages show and do, without a window: plain classes and table models, tested alone."""
