"""Every door of the console, a line each; those with fixed paths before those with names in them."""

from qianli.web.console import (
    calls,
    campaigns,
    consignments,
    frame,
    home,
    imports,
    packing,
    print_room,
    signing,
)

DOORS = (
    frame.router,
    signing.router,
    home.router,
    imports.router,
    print_room.router,
    packing.router,
    calls.router,
    campaigns.router,
    consignments.router,
)
