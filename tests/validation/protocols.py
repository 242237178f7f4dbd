"""Rules of chains and contracts, against vectors that the protocols' own code gave."""

from collections import Counter
from collections.abc import Callable

from tests.golden import CASES, runner
from tests.validation.evidence import Evidence

OF_OUR_MAKING = {"formula", "formula-transcription"}
"""Kinds of vectors that were worked out from the stated rule: they guard against a change, not against a misreading."""
GROUPS = {
    "ethereum": ("Ethereum", "以太坊", "eth-consensus-specs 1.7.0b4, ethereum/consensus-specs @ a08d8a6"),
    "bitcoin": ("Bitcoin", "比特幣", "bitcoin/bitcoin, own tests"),
    "solana": ("Solana", "Solana", "agave and stake program, own tests"),
    "cosmos": ("Cosmos SDK", "Cosmos SDK", "cosmos-sdk, own code"),
    "cardano": ("Cardano", "Cardano", "the rule as its documents state it; one of cardano-ledger"),
    "polkadot": ("Polkadot", "Polkadot", "polkadot-fellows/runtimes, own tests"),
    "avalanche": ("Avalanche", "Avalanche", "avalanchego, own tests"),
    "polygon": ("Polygon", "Polygon", "the rule as its documents state it, worked out anew"),
    "near": ("NEAR", "NEAR", "nearcore, own tests"),
    "tezos": ("Tezos", "Tezos", "the rule as its documents state it, worked out anew"),
    "lido": ("Lido", "Lido", "lidofinance/core and lido-oracle, own tests"),
    "rocketpool": ("Rocket Pool", "Rocket Pool", "rocket-pool/rocketpool, own code"),
    "aave": ("Aave", "Aave", "aave-v3 and umbrella, own tests"),
    "compound": ("Compound", "Compound", "comet, own tests"),
    "uniswap": ("Uniswap v2", "Uniswap v2", "uniswap v2-core, own tests"),
    "erc4626": ("ERC-4626", "ERC-4626", "OpenZeppelin contracts, own tests"),
    "eigenlayer": ("EigenLayer", "EigenLayer", "eigenlayer-contracts, own tests"),
    "cloud_mining": ("a static mining calculator", "靜態挖礦計算器", "Bitdeer's published formula"),
    "leverage": ("leverage loops", "循環槓桿", "closed form"),
}
"""Names in both languages and what the vectors come from, by the beginning of the files' names."""


def evidence() -> list[Evidence]:
    """One line for each chain or family of contracts that has vectors."""
    return [
        Evidence(
            key=f"vectors:{stem}",
            claim=(f"{english}: the rules, in exact integers", f"{chinese}：規則，以整數精確計算"),
            against=source,
            measure=_vectors(stem, runner.run),
            counted=_vectors(stem, lambda *_: None),
            test="tests/golden/test_golden.py",
            date="2026-11-22",
            commit="7dfd7a5",
        )
        for stem, (english, chinese, source) in GROUPS.items()
    ]


def _vectors(stem: str, ask: Callable[..., None]) -> Callable[[], str]:
    def measure() -> str:
        kinds: Counter[bool] = Counter()
        for path in runner.files():
            if path.stem.startswith(stem):
                for vector in runner.vectors(path):
                    ask(path.stem, vector, CASES)
                    kinds[str(vector.get("kind", "spec-run")) not in OF_OUR_MAKING] += 1
        assert kinds, f"no vectors of {stem}"
        return f"{kinds.total()} / {kinds.total()} ({kinds[True]})"

    return measure
