"""Every door of the console, a line each; those with fixed paths before those with names in them."""

from qianli.web.console import (
    bulk,
    calls,
    campaigns,
    consignments,
    frame,
    handover,
    home,
    imports,
    lists,
    members,
    new_campaign,
    packing,
    print_room,
    progress,
    rehearsal,
    signing,
)

DOORS = (
    frame.router,
    signing.router,
    home.router,
    imports.router,
    lists.router,
    members.router,
    new_campaign.router,
    rehearsal.router,
    print_room.router,
    packing.router,
    bulk.router,
    calls.router,
    progress.router,
    handover.router,
    campaigns.router,
    consignments.router,
)
