"""From a located story to what is drawn, in no renderer's words."""
