"""What the comparison of map makers (tests/bench/makers.py) is made of: data sets, makers, pages, bounds, table."""
