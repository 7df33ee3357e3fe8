"""One module an output, each from a scene to bytes."""
