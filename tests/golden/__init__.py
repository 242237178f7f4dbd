"""Reference vectors and the cases that answer them: file name (and op) -> a function of the inputs."""

from collections.abc import Mapping

from tests.golden import (
    cases_aave,
    cases_avalanche,
    cases_bitcoin,
    cases_cardano,
    cases_compound,
    cases_cosmos,
    cases_eigenlayer,
    cases_erc4626,
    cases_ethereum_a,
    cases_ethereum_b,
    cases_leverage,
    cases_lido,
    cases_near,
    cases_polkadot,
    cases_polygon,
    cases_rocketpool,
    cases_solana,
    cases_tezos,
    cases_uniswap,
)
from tests.golden.runner import Answer

CASES: Mapping[str, Answer | Mapping[str, Answer]] = {
    **cases_aave.CASES,
    **cases_avalanche.CASES,
    **cases_bitcoin.CASES,
    **cases_cardano.CASES,
    **cases_compound.CASES,
    **cases_cosmos.CASES,
    **cases_eigenlayer.CASES,
    **cases_erc4626.CASES,
    **cases_ethereum_a.CASES,
    **cases_ethereum_b.CASES,
    **cases_leverage.CASES,
    **cases_lido.CASES,
    **cases_near.CASES,
    **cases_polkadot.CASES,
    **cases_polygon.CASES,
    **cases_rocketpool.CASES,
    **cases_solana.CASES,
    **cases_tezos.CASES,
    **cases_uniswap.CASES,
}
