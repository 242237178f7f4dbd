"""`world`: the built-in scenario, with the rewards of other coins by the rules of their chains."""

from collections.abc import Iterable, Mapping

from stakingmodels import checks
from stakingmodels.catalogue.sheet import Sheet
from stakingmodels.catalogue.stated import Stated
from stakingmodels.errors import InputError
from stakingmodels.market import Factor, MarketRatio, Price, StakingReward
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios import Constants, Joint, Scenario
from stakingmodels.scenarios.networks.coin_rewards import reward_by_rule
from stakingmodels.words import Note


def world(
    sheets: Mapping[str, Sheet] | Iterable[Sheet],
    base: Scenario,
    *,
    coin_rates: Mapping[str, Stated] | None = None,
    prices: bool = True,
) -> Joint:
    """Scenario in which sheets can be run: another one, with what it lacks added as constants, each of which is told.

    - The reward of a coin is that of its chain's rule at its dated stake (`protocols.chains`), at the pace at which the
      chain makes blocks. For a coin without such a rule it is the published rate of the first of its sheets that has
      one, before the fee.
    - A coin without a price scenario has a price that stands still at 1: its rows are compared in the coin.
    - A token without a record trades at what its coins are worth.

    Parameters
    ----------
    sheets
        The sheets that are run; of a mapping, its values.
    base
        The scenario, such as `scenarios.reference(coins=scenarios.REFERENCE_COINS)`. What it has stays as it is.
    coin_rates
        Reward rates of coins, before any fee, in place of those of chain and scenario, as `read_rates` reads them.
    prices
        Whether a coin without a price scenario has one that stands still; default True. If False, its products cannot
        be run.

    Raises
    ------
    InputError
        For a rate of a coin that is net of a fee.
    """
    checks.instance("catalogue.world: base", base, Scenario, "scenarios.reference()")
    checks.flag("catalogue.world: prices", prices)
    asked = list(sheets.values() if isinstance(sheets, Mapping) else sheets)
    for sheet in asked:
        checks.instance("catalogue.world: sheets", sheet, Sheet, 'catalogue.get("lido")')
    constants, remarks = _given({} if coin_rates is None else coin_rates)
    factors = frozenset().union(*(sheet.product().factors for sheet in asked)) if asked else frozenset()
    lacking = sorted(base.missing(factors) - constants.keys(), key=str)
    for factor in lacking:
        if isinstance(factor, StakingReward):
            constants[factor], remark = _reward(factor.name, asked)
            remarks.append(remark)
    still = [each for each in lacking if isinstance(each, Price) and prices]
    ratios = [each for each in lacking if isinstance(each, MarketRatio)]
    constants |= dict.fromkeys((*still, *ratios), 1.0)
    if still:
        remarks.append(Note("catalogue.no_price", coins=tuple(each.name for each in still)))
    if ratios:
        remarks.append(Note("catalogue.no_ratio", tokens=tuple(each.name for each in ratios)))
    parts = [Constants(constants), base] if constants else [base]
    label = base.assumption_set if isinstance(base, Joint) else ""
    return Joint(parts, as_of=base.as_of, remarks=remarks, assumption_set=label)


def _given(rates: Mapping[str, Stated]) -> tuple[dict[Factor, float | APR | APY], list[str]]:
    """Rewards of coins that are given, and where they come from."""
    constants: dict[Factor, float | APR | APY] = {}
    for coin, stated in rates.items():
        if stated.basis == "net":
            raise InputError(f"catalogue.world: the reward of {coin} must be gross, before any provider's fee")
        constants[StakingReward(coin)] = stated.rate
    return constants, [_published_note(coin, stated) for coin, stated in rates.items()]


def _reward(coin: str, sheets: list[Sheet]) -> tuple[APR | APY, str]:
    """Reward of a coin, and where it comes from."""
    by_rule = reward_by_rule(coin)
    if by_rule is not None:
        return by_rule
    published = [sheet for sheet in sheets if sheet.coin == coin and sheet.published is not None]
    sheet, stated = published[0], published[0].published
    if stated is None:  # for type checkers
        raise InputError(f"catalogue.world: no reward of {coin} is known")
    rate = stated.rate
    if stated.basis == "net":
        fee = float(sheet.terms[_fee_of(sheet)].value)  # type: ignore[arg-type]
        rate = type(rate)(float(rate.value) / (1.0 - fee))
    return rate, _published_note(coin, stated, rate)


def _fee_of(sheet: Sheet) -> str:
    return "protocol_fee" if sheet.kind == "LiquidStakingToken" else "commission"


def _published_note(coin: str, stated: Stated, rate: APR | APY | None = None) -> str:
    found = stated.rate if rate is None else rate
    kind, number = type(found).__name__, float(found.value)
    return Note(
        "catalogue.by_word", coin=coin, rate=number, kind=kind, title=stated.document.title, day=stated.document.date
    )
