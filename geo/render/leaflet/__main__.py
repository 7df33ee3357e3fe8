"""Prints the page's skeleton as folium renders it: python -m geo.render.leaflet > geo/web/templates/skeleton.html"""

from geo.render.leaflet.page_map import skeleton

print(skeleton(), end="")
