"""Every door of the console, a line each; those with fixed paths before those with names in them."""

from qianli.web.console import (
    campaigns,
    consignments,
    frame,
    home,
    packing,
    print_room,
    signing,
)

DOORS = (
    frame.router,
    signing.router,
    home.router,
    print_room.router,
    packing.router,
    campaigns.router,
    consignments.router,
)
