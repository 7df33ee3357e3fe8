"""strikemap: one small HTML file from a story of reported air strikes."""
