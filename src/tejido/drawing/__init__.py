"""Drawings made on the server: data in, SVG and a table out.

Every drawing of Tejido works without script and without pictures: it is a small SVG with links on its shapes,
and beside it a table that says the same. No Django here, no clock, no network; all words come as arguments,
already in the reader's language. Colours are never alone: kinds differ by shape, fill or outline as well.

``svg``        the safe element builder, ``Drawing``, ``Table`` and ``Cell``
``lettering``  how wide a text is, how to cut it, where a label fits
``network``    who is tied to whom
``maps``       where it happened and where people live; ``outlines`` is the basemap, ``view`` the projection
``timeline``   when it happened; ``periods`` chooses months, quarters or years
``bars``       how many of each
``wheel``      how far each spoke reaches
``threads``    how several things moved over the same times
``forces``     who pulls which way
``geometry``   reading GeoJSON from others, and measuring or blurring it

The SVG carries no style element, style attribute, script or id: it obeys a strict content policy and
several drawings live in one page. Text is sized by the class ``drawing`` in the stylesheet; presentation
attributes say the same for whoever shows the SVG without it.
"""
