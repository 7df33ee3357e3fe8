"""The folium elements; the only place where folium and branca are imported.

No text of a user's file ever enters one of these objects: branca makes each rendered script a new template, so what
stands in a pop-up or a name would run as template code. The data goes in after folium has rendered, as inert JSON.
"""
