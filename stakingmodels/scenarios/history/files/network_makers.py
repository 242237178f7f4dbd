"""Providers of hash rates, difficulty and fees, some with prices too, and the meaning of their rows."""

import datetime as dt

from stakingmodels.scenarios.history.files.dialect import PRICES, Column, Dialect
from stakingmodels.words import Note

SPLIT_NASDAQ = dt.date(2019, 1, 24)
"""Row from which Nasdaq's copy of blockchain.com's price has the close of two days before."""

NETWORK_MAKERS: tuple[Dialect, ...] = (
    Dialect(
        maker="Nasdaq Data Link, BCHAIN",
        header=("date", "value"),
        others=False,
        newest_first=True,
        sure=False,
        told_by="bchain",
        asks=True,
        columns=(
            Column(kinds=PRICES, shift=-2, since=SPLIT_NASDAQ, shift_before=-1),
            Column(kinds=("BlockFees",), shift=-1, unit="coins/day"),
            Column(kinds=("Hashrate",), shift=-1, may_be_smoothed=True),
            Column(kinds=("Difficulty",), shift=-1),
        ),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, charts",
        header=("x", "y"),
        others=False,
        columns=(
            Column(kinds=PRICES, shift=-1, instant=True),
            Column(kinds=("Hashrate",), may_be_smoothed=True),
            Column(kinds=("Difficulty",)),
            Column(kinds=("BlockFees",), unit="coins/day"),
        ),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, copied price",
        header=("timestamp", "market-price"),
        others=False,
        columns=(Column(shift=-1, instant=True),),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, copied fees",
        header=("timestamp", "transaction-fees"),
        others=False,
        columns=(Column(kinds=("BlockFees",), instant=True, unit="coins/day"),),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, copied hash rate",
        header=("timestamp", "hash-rate"),
        others=False,
        columns=(Column(kinds=("Hashrate",), instant=True, may_be_smoothed=True),),
        proof="files",
    ),
    Dialect(
        maker="blockchain.com, copied difficulty",
        header=("timestamp", "difficulty"),
        others=False,
        columns=(Column(instant=True),),
        proof="files",
    ),
    Dialect(
        maker="mempool.space, hashrate",
        header=("timestamp", "avghashrate"),
        columns=(Column(kinds=("Hashrate",), names=("avghashrate",), shift=-1, instant=True, unit="H/s"),),
        proof="code",
    ),
    Dialect(
        maker="mempool.space, fees",
        header=("timestamp", "avgfees"),
        columns=(
            Column(kinds=("BlockFees",), names=("avgfees",), unit="satoshi/block"),
            Column(names=("usd",), refused="is a price beside fees; take a file of prices"),
        ),
        proof="code",
    ),
    Dialect(
        maker="mempool.space, rewards",
        header=("timestamp", "avgrewards"),
        columns=(Column(refused="holds subsidy and fees together; take the fees (blocks/fees)"),),
        proof="code",
    ),
    Dialect(
        maker="mempool.space, difficulty",
        header=("time", "height", "difficulty"),
        columns=(Column(remark=Note("file.retarget_rows")),),
        proof="code",
    ),
    Dialect(
        maker="Coin Metrics",
        header=(),
        columns=(
            Column(kinds=PRICES, names=("priceusd",)),
            Column(kinds=PRICES, names=("referencerate", "referencerateusd"), shift=-1, instant=True),
            Column(kinds=("BlockFees",), names=("feetotntv",), unit="coins/day"),
            Column(kinds=("Difficulty",), names=("diffmean", "difflast")),
        ),
        proof="files",
    ),
    Dialect(
        maker="Glassnode",
        header=("t", "v"),
        others=False,
        columns=(
            Column(kinds=PRICES),
            Column(kinds=("Hashrate",), unit="H/s"),
            Column(kinds=("Difficulty",), unit="hashes"),
        ),
        proof="documents",
    ),
    Dialect(
        maker="Glassnode",
        header=("timestamp", "value"),
        others=False,
        sure=False,
        told_by="glassnode",
        columns=(
            Column(kinds=PRICES),
            Column(kinds=("Hashrate",), unit="H/s"),
            Column(kinds=("Difficulty",), unit="hashes"),
        ),
        proof="documents",
    ),
    Dialect(
        maker="Etherscan, chart",
        header=("date(utc)", "unixtimestamp", "value"),
        sure=False,
        told_by="etherscan",
        columns=(Column(kinds=PRICES),),
        proof="parsers",
    ),
)
"""Providers of Bitcoin network data; the first applies whose header is present and that has a matching rule."""
