"""What several papers share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemLine:
    """So many of one thing."""

    name: str
    quantity: int


@dataclass(frozen=True)
class Sender:
    """Who sends. On the outside of a parcel this is the neutral sender."""

    name: str
    phone: str
    address: str = ""

    @classmethod
    def sample(cls) -> "Sender":
        """A neutral sender, as on labels and manifests."""
        return cls("青石街道便民服务中心", "0851-8765 4321", "贵州省贵阳市花溪区青石街道文昌路 18 号")


def sample_items() -> tuple[ItemLine, ...]:
    """The kit of the sample campaign."""
    return (
        ItemLine("党徽", 1),
        ItemLine("《中国共产党章程》", 1),
        ItemLine("《共产党精神谱系精选》", 1),
        ItemLine("《图说党史百年历程》", 1),
        ItemLine("红色家书", 1),
    )
