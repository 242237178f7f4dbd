"""`Fit`: measured parameters with their errors, as a table, and the scenarios that they make."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from stakingmodels import checks
from stakingmodels._types import RNGLike
from stakingmodels.display import Summary
from stakingmodels.equality import ByValue
from stakingmodels.frames import frame_of_rows
from stakingmodels.market import CashRate, Factor, Hashrate, MarketRatio, Price
from stakingmodels.protocols.chains.bitcoin import SATOSHI_PER_BITCOIN, block_subsidy, hashprice_per_ph_s_day
from stakingmodels.rates import APR, APY
from stakingmodels.scenarios.base import Scenario
from stakingmodels.scenarios.calibration import given
from stakingmodels.scenarios.calibration.correlations import Pairs, between_jumps, moved_back
from stakingmodels.scenarios.calibration.estimates import Estimate, GBMFit, JumpFit, OrnsteinUhlenbeckFit
from stakingmodels.scenarios.calibration.responses import ResponseFit
from stakingmodels.scenarios.calibration.rows import Row, jump_rows, level_rows, ratio_rows, response_rows
from stakingmodels.scenarios.drivers import Correlation
from stakingmodels.scenarios.joint import Constants, Joint
from stakingmodels.scenarios.levels import as_drift, cash_drift
from stakingmodels.scenarios.networks.hashrate import DIFFICULTY, HASHRATE, HEIGHT_LIMIT, PRICE, HashrateResponse
from stakingmodels.scenarios.pegs.mean_reverting import MeanRevertingPeg
from stakingmodels.scenarios.processes.gbm import GBM, GeometricBrownianMotion
from stakingmodels.scenarios.processes.merton import Merton, MertonJumpDiffusion
from stakingmodels.series import FrozenMap
from stakingmodels.tables import Shown, Table
from stakingmodels.words import Note

if TYPE_CHECKING:
    import pandas as pd

_BY_FACTOR = ("levels", "jumps", "ratios", "responses")
_BY_PAIR = ("correlation", "no_jump_correlation")


@attrs.frozen(eq=False, kw_only=True, repr=False)
class Fit(ByValue, Shown):
    """Parameters measured by `fit`. Every number is of the past; none is a forecast.

    Parameters
    ----------
    first, last
        Dates of the first and last values used.
    levels
        Diffusions by price or difficulty.
    correlation
        Pairs of levels -> correlation of their log changes.
    jumps
        Jumps by price; prices with fewer than 3 are left out.
    no_jump_correlation
        As `correlation`, for prices on the days on which neither jumps.
    common_share, size_correlation
        Dependence between the jumps of several prices, for `MertonJumpDiffusion`.
    ratios
        Mean reversion by market ratio.
    responses
        Response to the price by hash rate.

    Notes
    -----
    Simulations include the uncertainty of the parameters if each run takes another `sample_parameters`::

        runs = [simulate(products, found.sample_parameters(i).scenario(), grid, ..., rng=i) for i in range(50)]
    """

    first: str
    last: str
    levels: Mapping[Factor, GBMFit]
    correlation: Pairs
    jumps: Mapping[Factor, JumpFit]
    no_jump_correlation: Pairs
    common_share: Estimate
    size_correlation: Estimate
    ratios: Mapping[MarketRatio, OrnsteinUhlenbeckFit]
    responses: Mapping[Hashrate, ResponseFit]

    def __attrs_post_init__(self) -> None:
        for name in (*_BY_FACTOR, *_BY_PAIR):
            object.__setattr__(self, name, FrozenMap(getattr(self, name)))

    def sample_parameters(self, rng: RNGLike = None) -> "Fit":
        """A copy with every parameter drawn from the normal law of its standard error, within its domain.

        Parameters are drawn independently. Correlations that contradict each other (not positive definite) are moved
        back towards those measured, by halving the distance until they do not.
        """
        draws = checks.generator("Fit.sample_parameters: rng", rng)
        return attrs.evolve(
            self,
            levels={factor: terms.sample_parameters(draws) for factor, terms in self.levels.items()},
            correlation=_draw_pairs(self.correlation, tuple(self.levels), draws),
            jumps={factor: terms.sample_parameters(draws) for factor, terms in self.jumps.items()},
            no_jump_correlation=_draw_pairs(self.no_jump_correlation, tuple(self.levels), draws),
            common_share=self.common_share.sample_parameters(draws, 0.0, 1.0),
            size_correlation=self.size_correlation.sample_parameters(draws, 0.0, 1.0),
            ratios={factor: terms.sample_parameters(draws) for factor, terms in self.ratios.items()},
            responses={factor: terms.sample_parameters(draws) for factor, terms in self.responses.items()},
        )

    def jumping_together(self) -> "Fit":
        """A copy in which jumps are at common times, and all log returns have the recorded correlations.

        Jumps counted by a threshold fall on the same days less often than prices moved together: on days on which only
        one of two is counted, the other moves with it too. Drawn at times of their own they would lower the correlation
        of all days. Here the rarer jump comes with one of the more frequent price, and the correlations between jumps
        make up what is left; where they would contradict each other they are moved back towards those measured.
        """
        pairs = between_jumps(
            self.correlation, self.no_jump_correlation, self.levels, self.jumps, self.size_correlation.value
        )
        return attrs.evolve(self, no_jump_correlation=pairs, common_share=attrs.evolve(self.common_share, value=1.0))

    def geometric_brownian_motion(
        self, *, initial_levels: Mapping[Factor, float] | None = None, drift: Mapping[Factor, float] | None = None
    ) -> GeometricBrownianMotion:
        """Scenario of the levels as correlated geometric Brownian motions.

        Parameters
        ----------
        initial_levels
            Opening levels by factor; by default as recorded.
        drift
            Continuous growth of the mean a year by factor; by default as recorded.
        """
        starts = given.overrides("geometric_brownian_motion: initial_levels", initial_levels, self.levels)
        drifts = given.overrides("geometric_brownian_motion: drift", drift, self.levels)
        levels = {
            f: GBM(starts.get(f, d.initial_level), volatility=d.volatility.value, drift=drifts.get(f, d.drift))
            for f, d in self.levels.items()
        }
        return GeometricBrownianMotion(levels, correlation=_values(self.correlation))

    def merton_jump_diffusion(
        self, *, initial_levels: Mapping[Factor, float] | None = None, drift: Mapping[Factor, float] | None = None
    ) -> MertonJumpDiffusion:
        """Scenario of the levels as correlated diffusions with jumps; arguments as in `geometric_brownian_motion`."""
        starts = given.overrides("merton_jump_diffusion: initial_levels", initial_levels, self.levels)
        drifts = given.overrides("merton_jump_diffusion: drift", drift, self.levels)
        levels = {
            f: _jumping(d, self.jumps.get(f), starts.get(f, d.initial_level), drifts.get(f))
            for f, d in self.levels.items()
        }
        return MertonJumpDiffusion(
            levels,
            correlation=_values(self.no_jump_correlation),
            common_share=self.common_share.value,
            size_correlation=self.size_correlation.value,
        )

    def mean_reverting_peg(self, ratio: MarketRatio, *, initial_level: float | None = None) -> MeanRevertingPeg:
        """One ratio with its recorded mean reversion; opens at `initial_level`, by default the last recorded."""
        if ratio not in self.ratios:
            checks.refuse("Fit.mean_reverting_peg: ratio", f"must be one of {given.names(self.ratios)}", ratio)
        found = self.ratios[ratio]
        return MeanRevertingPeg(
            ratio,
            mean=found.mean.value,
            standard_deviation=found.standard_deviation.value,
            half_life_days=found.half_life_days.value,
            initial_level=found.initial_level if initial_level is None else initial_level,
        )

    def hashrate_response(
        self,
        *,
        height: int,
        block_fees_btc: float,
        initial_levels: Mapping[Factor, float] | None = None,
        half_life_days: float | None = None,
        breakeven_growth: float = 0.0,
    ) -> HashrateResponse:
        """Scenario of Bitcoin's hash rate with its recorded response to the price, and of the difficulty.

        The breakeven is the hashprice of the opening, so that the network opens at rest. The fleet grows so that the
        hash rate at a constant price, and between halvings, grows as recorded: with the elasticity e to price, the
        growth g and the breakeven's own b, by ``(g + e b) / (1 - e)``.

        Parameters
        ----------
        height
            Height of the last block at the opening.
        block_fees_btc
            Fees of a block at the opening, BTC.
        initial_levels
            Price and difficulty at the opening; by default as recorded.
        half_life_days
            Half-life of the gap to the hash rate that miners offer; by default `ResponseFit.half_life_days`.
        breakeven_growth
            As in `HashrateResponse`, below 0 where the fleet becomes more efficient. Default 0.

        Raises
        ------
        InputError
            Where no response was fitted, or its elasticity is not in [0, 1).
        """
        where = "Fit.hashrate_response"
        if HASHRATE not in self.responses:
            rule, how = f"must have fitted a response of {HASHRATE}", f"give fit a history of {HASHRATE} and {PRICE}"
            checks.refuse(where, rule, given.names(self.responses), how)
        both = dict.fromkeys((PRICE, DIFFICULTY))
        starts = given.overrides("hashrate_response: initial_levels", initial_levels, both)
        price, difficulty = (self._opening(where, f, starts) for f in (PRICE, DIFFICULTY))
        found, growth = self.responses[HASHRATE], as_drift(f"{where}: breakeven_growth", breakeven_growth)
        fees = checks.non_negative(f"{where}: block_fees_btc", block_fees_btc)
        block = checks.integer(f"{where}: height", height, 0, HEIGHT_LIMIT)
        offered = found.hashprice_elasticity
        return HashrateResponse(
            difficulty=difficulty,
            height=block,
            elasticity=offered,
            half_life_days=found.half_life_days if half_life_days is None else half_life_days,
            breakeven=float(
                hashprice_per_ph_s_day(difficulty, block_subsidy(block + 1) / SATOSHI_PER_BITCOIN + fees, price)
            ),
            breakeven_growth=growth,
            volatility=found.volatility.value,
            fleet_growth=(1.0 + offered) * found.growth.value + offered * growth,
        )

    def scenario(
        self,
        *,
        initial_levels: Mapping[Factor, float] | None = None,
        cash_rate: APR | APY | None = None,
        jumps: bool = False,
        miners: HashrateResponse | None = None,
        constants: Mapping[Factor, float | APR | APY] | None = None,
    ) -> Joint:
        """Scenario of all levels and ratios, in which bearing the risk of a price earns no premium.

        Prices drift at the cash rate, as in `reference`: their recorded gains say little about the future. So a product
        that pays a reward beats cash on average, by this convention. A difficulty grows as recorded. The scenario's
        `as_of` is `last`, unless `initial_levels` gives every level.

        Parameters
        ----------
        initial_levels
            Opening level or ratio by factor; by default as recorded.
        cash_rate
            Risk-free rate of the numeraire, and so the drift of prices; None (default) for 0.
        jumps
            Whether prices jump (`merton_jump_diffusion`); by default not.
        miners
            Scenario of the difficulty in place of its own diffusion, such as from `hashrate_response`; it reads
            ``BlockFees("BTC")``, which `constants` can give.
        constants
            Further constants, as in `Constants`: rewards, fees, hazards.
        """
        starts = given.overrides("scenario: initial_levels", initial_levels, {**self.levels, **self.ratios})
        drift = 0.0 if cash_rate is None else cash_drift("Fit.scenario: cash_rate", cash_rate)
        levels = self
        if miners is not None:
            checks.instance("Fit.scenario: miners", miners, HashrateResponse, "fit(...).hashrate_response(...)")
            levels = self._without(miners.factors)
        parts: list[Scenario] = []
        if levels.levels:
            make = (
                levels.merton_jump_diffusion
                if checks.flag("Fit.scenario: jumps", jumps)
                else levels.geometric_brownian_motion
            )
            drifts: dict[Factor, float] = {f: drift for f in levels.levels if isinstance(f, Price)}
            parts.append(make(initial_levels={f: x for f, x in starts.items() if f in levels.levels}, drift=drifts))
        parts += [self.mean_reverting_peg(ratio, initial_level=starts.get(ratio)) for ratio in self.ratios]
        still = dict(given.constants(constants, {**self.levels, **self.ratios}))
        if cash_rate is not None:
            still[CashRate("USD")] = cash_rate
        if still:
            parts.append(Constants(still))
        as_of = None if starts and starts.keys() >= self.levels.keys() else self.last
        remarks = [_convention(cash_rate)] if any(isinstance(f, Price) for f in self.levels) else []
        return Joint(parts if miners is None else [*parts, miners], as_of=as_of, remarks=remarks)

    def _opening(self, where: str, factor: Factor, starts: Mapping[Factor, float]) -> float:
        if factor not in starts and factor not in self.levels:
            checks.refuse(
                where, f"must have fitted {factor}", given.names(self.levels), f"initial_levels={{{factor}: ...}}"
            )
        level = starts[factor] if factor in starts else self.levels[factor].initial_level
        return checks.positive(f"{where}: initial_levels", level, 1e30)

    def _without(self, factors: frozenset[Factor]) -> "Fit":
        """A copy without some levels and their correlations."""

        def kept(pairs: Pairs) -> Pairs:
            return {pair: rho for pair, rho in pairs.items() if factors.isdisjoint(pair)}

        return attrs.evolve(
            self,
            levels={f: d for f, d in self.levels.items() if f not in factors},
            correlation=kept(self.correlation),
            no_jump_correlation=kept(self.no_jump_correlation),
        )

    @property
    def rows(self) -> list[Row]:
        """Rows of the table: subject, parameter, estimate, and goodness of fit."""
        return [
            *(row for f, found in self.levels.items() for row in level_rows(str(f), found)),
            *((f"{a}, {b}", Note("fit.correlation"), rho, "") for (a, b), rho in self.correlation.items()),
            *(row for f, found in self.jumps.items() for row in jump_rows(str(f), found)),
            *(self._common_rows() if len(self.jumps) > 1 else []),
            *(row for f, found in self.ratios.items() for row in ratio_rows(str(f), found)),
            *(row for f, found in self.responses.items() for row in response_rows(str(f), found)),
        ]

    def _common_rows(self) -> list[Row]:
        jumps = Note("fit.jumps")
        return [
            (jumps, Note("fit.common_share"), self.common_share, ""),
            (jumps, Note("fit.size_correlation"), self.size_correlation, ""),
        ]

    def to_dict(self) -> dict[str, Any]:
        """All contents as plain numbers and text, fit for JSON; an estimate is its value and error."""
        return {
            "first": self.first,
            "last": self.last,
            "common_share": attrs.asdict(self.common_share),
            "size_correlation": attrs.asdict(self.size_correlation),
            **{name: _plain(getattr(self, name)) for name in _BY_FACTOR},
            **{name: _plain_pairs(getattr(self, name)) for name in _BY_PAIR},
        }

    def to_frame(self) -> "pd.DataFrame":
        """A pandas data frame: one row a parameter, by subject, with its value, standard error and goodness of fit.

        Raises
        ------
        MissingExtraError
            Where pandas is not installed.
        """
        of = ("of", "parameter", "value", "standard_error", "fit")
        rows: list[dict[str, Any]] = [
            dict(zip(of, (o, name, x.value, x.standard_error, fits), strict=True)) for o, name, x, fits in self.rows
        ]
        return frame_of_rows("Fit.to_frame", rows, of, index="of")

    def table(self) -> Table:
        """Table of the rows, which is shown as text, HTML or Markdown."""
        cells = [(of, name, f"{x.value:.4g}", f"{x.standard_error:.2g}", fits) for of, name, x, fits in self.rows]
        columns = tuple(Note(f"fit.column.{name}") for name in ("of", "parameter", "value", "error", "fit"))
        return Table(Note("fit.title", first=self.first, last=self.last), columns, cells, left=2)

    def _parts(self) -> tuple[Table]:
        return (self.table(),)

    def _shown(self) -> Summary:
        return Summary.of(self.table())


def _convention(cash_rate: APR | APY | None) -> str:
    if cash_rate is None:
        return Note("note.no_drift")
    return Note("note.cash_drift", rate=float(cash_rate.value), kind=type(cash_rate).__name__)


def _values(pairs: Pairs) -> Correlation:
    return {pair: rho.value for pair, rho in pairs.items()}


def _jumping(level: GBMFit, jumps: JumpFit | None, start: float, drift: float | None) -> Merton:
    """Terms of one level; by default with the drift for which its logarithm grows by the trend."""
    fitted = Merton(
        start,
        volatility=(jumps or level).volatility.value,
        jump_intensity=jumps.jump_intensity.value if jumps else 0.0,
        log_jump_mean=jumps.mean.value if jumps else 0.0,
        log_jump_volatility=jumps.standard_deviation.value if jumps else 0.0,
    )
    if drift is None:
        drift = level.trend.value + 0.5 * fitted.volatility**2
        drift += fitted.jump_drift - fitted.jump_intensity * fitted.log_jump_mean
    return fitted.replace(drift=drift)


def _draw_pairs(pairs: Pairs, factors: tuple[Factor, ...], rng: RNGLike) -> Pairs:
    drawn = {pair: rho.sample_parameters(rng, -1.0, 1.0) for pair, rho in pairs.items()}
    return moved_back(drawn, pairs, factors)


def _plain(fits: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(factor): attrs.asdict(terms) for factor, terms in fits.items()}


def _plain_pairs(pairs: Pairs) -> dict[str, Any]:
    return {f"{a}, {b}": attrs.asdict(rho) for (a, b), rho in pairs.items()}
