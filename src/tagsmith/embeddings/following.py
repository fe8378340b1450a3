"""Who must know when assets have been made ready: later stages, which `config` registers here."""

from tagsmith.assets.following import Followers

PREPARED = Followers()  # told of the assets' ids in the transaction that stores their vectors
