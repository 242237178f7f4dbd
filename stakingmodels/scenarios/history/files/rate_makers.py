"""Providers of annual rates, and the meaning of their rows."""

from stakingmodels.scenarios.history.files.dialect import PRICES, RATES, SMOOTHED, Column, Dialect
from stakingmodels.words import Note

_FRED = ("dtb3", "dtb6", "dtb1yr", "dgs1mo", "dgs3mo", "dgs6mo", "dgs1", "dff", "effr", "sofr", "fedfunds", "tb3ms")
RATE_MAKERS: tuple[Dialect, ...] = (
    Dialect(
        maker="FRED, interest rates",
        header=(),
        columns=(Column(kinds=RATES, names=_FRED, unit="percent"),),
        proof="documents",
    ),
    Dialect(
        maker="validatorqueue.com",
        header=("date", "entry_queue", "exit_queue", "apr"),
        columns=(Column(kinds=RATES, names=("apr",), shift=-2, unit="percent", remark=SMOOTHED),),
        proof="files",
    ),
    Dialect(
        maker="beaconcha.in, ETH.STORE",
        header=("apr", "cl_apr", "el_apr"),
        columns=(
            Column(kinds=RATES, names=("apr", "cl_apr", "el_apr")),
            Column(kinds=RATES, names=("avgapr7d",), remark=SMOOTHED),
        ),
        proof="documents",
    ),
    Dialect(
        maker="Lido, API",
        header=("timeunix", "apr"),
        columns=(Column(kinds=RATES, names=("apr",), unit="percent", remark=Note("file.after_fee")),),
        proof="documents",
    ),
    Dialect(
        maker="Rocket Pool, API",
        header=("yearlyapr",),
        columns=(Column(kinds=RATES, names=("yearlyapr",), unit="percent"),),
        proof="parsers",
    ),
    Dialect(
        maker="rated.network",
        header=("aprpercentage",),
        columns=(Column(kinds=RATES, names=("aprpercentage",), unit="percent"),),
        proof="parsers",
    ),
    Dialect(
        maker="stakewiz",
        header=("apy_estimate",),
        columns=(Column(kinds=RATES, names=("apy_estimate",), unit="percent", rate="apy"),),
        proof="parsers",
    ),
    Dialect(
        maker="Aave v3, reserves",
        header=("currentliquidityrate", "liquidityindex"),
        columns=(
            Column(kinds=RATES, names=("currentliquidityrate", "currentvariableborrowrate", "currentstableborrowrate")),
            Column(kinds=RATES, refused="is no rate of the reserve; name currentLiquidityRate or a borrow rate"),
            Column(kinds=PRICES, names=("price",), shift=-1, instant=True),
        ),
        proof="files",
    ),
    Dialect(
        maker="DefiLlama, yields",
        header=("timestamp", "tvlusd", "apy"),
        columns=(
            Column(
                kinds=RATES,
                names=("apy", "apybase", "apyreward"),
                unit="percent",
                rate="apy",
                remark=Note("file.apy_as_called"),
            ),
        ),
        proof="parsers",
    ),
)
"""Providers of rates; the first applies whose header is present and that has a rule for the factor and the column."""
