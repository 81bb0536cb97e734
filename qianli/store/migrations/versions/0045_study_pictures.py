"""Pictures of a study programme's items, kept with us."""

from qianli.store.reshaping import extend, withdraw

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    extend("artefact", "kind", "study_picture")


def downgrade() -> None:
    """Refused while there is one."""
    withdraw("artefact", "kind", "study_picture")
