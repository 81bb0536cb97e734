"""What the press makes of a printed item, the text of a reader, whom contact cards name, and the files of both."""

import sqlalchemy as sa
import sqlmodel
from alembic import op

from qianli.store.reshaping import add_state, allow, drop_state

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

WAS = ("letter", "label", "packing_slip", "pick_list", "manifest", "rehearsal", "report", "fix_file")
NOW = ("letter", "contact_card", "reader", *WAS[1:])
PAPERS = ("letter", "contact_card", "reader")
item = sa.table("item", sa.column("kind", sa.String), sa.column("paper", sa.String))


def upgrade() -> None:
    add_state("item", "paper", PAPERS)
    op.execute(sa.update(item).where(item.c.kind == "printed").values(paper="letter"))
    op.add_column("kit_item", sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column("campaign", sa.Column("contacts", sa.JSON(), nullable=False, server_default="[]"))
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=WAS, now=NOW)


def downgrade() -> None:
    for table in ("artefact", "print_run"):
        allow(table, "kind", was=NOW, now=WAS)
    op.drop_column("campaign", "contacts")
    op.drop_column("kit_item", "text")
    drop_state("item", "paper", PAPERS)
