"""Names become places, or stay unplaced with the reason why."""
