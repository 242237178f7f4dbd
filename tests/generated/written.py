# ruff: noqa: ISC004  # texts in several lines
"""Good calls that examples of types do not give: arguments as text, by callable.

Some are written twice, as the arguments are named now and as they once were.
"""

_ETH = "stakingmodels.protocols.chains.ethereum"
_BTC = "stakingmodels.protocols.chains.bitcoin"
_RULES = "ruleset=make('Ruleset')"
_TOTAL = f"total_active_balance=10**16, {_RULES}"
_BITS = "0x17034219"
_ROOM = "noise=make('Noise'), streams=make('Streams'), n_paths=3"
_DRAW = f"grid=grid(), factors=frozenset({{market.Price('ETH')}}), {_ROOM}"

WRITTEN: dict[str, tuple[str, ...]] = {
    "stakingmodels.analysis.ControlVariateMeans": ("means={'held': make('ControlVariateMean')}",),
    "stakingmodels.analysis.ControlVariateMeans.__getitem__": ("name='held'",),
    "stakingmodels.analysis.FlipPoints.of": ("first='held'",),
    "stakingmodels.analysis.assumption_band": ("n_draws=2, n_paths=8", "draws=2, paths=8"),
    "stakingmodels.analysis.assumption_changes": ("before='2026.11', after='2026.11', n_paths=8",),
    "stakingmodels.analysis.backtest": (
        "products={'held': make('Product')}, history=make('History'), days=20, first='2025-03-05', capital=1e3,"
        " lookback_days=60, n_paths=8, rng=1",
        "products={'held': make('Product')}, history=make('History'), days=20, first='2025-03-05', capital=1e3,"
        " lookback=60, paths=8, rng=1",
    ),
    "stakingmodels.analysis.break_even_prices": ("results=make('Results')",),
    "stakingmodels.analysis.compare": ("results=make('Results')",),
    "stakingmodels.analysis.control_variate_means": (
        "results=engine.simulate({'held': make('Product')}, gbm(), grid(), capital=1e3, n_paths=20, rng=1,"
        " reducers={'controlled': engine.ControlVariates()})",
    ),
    "stakingmodels.assumptions.AssumptionSet": ("name='x', date='2026-11', numbers={'a.b': make('Assumption')}",),
    "stakingmodels.assumptions.AssumptionSet.__getitem__": ("key='exploit.hazard'",),
    "stakingmodels.assumptions.AssumptionSet.changed": ("name='x', values={'exploit.hazard': 0.01}",),
    "stakingmodels.assumptions.counted": (
        "base=0.02, n_events=1, exposure_years=50.0, worse='high', evidence='x', source='x', date='2026-11'",
    ),
    **{
        f"stakingmodels.checks.{name}": (f"self=make('Product'), attribute=make('Attribute'), value={value}",)
        for name, value in [
            ("FLAG", True),
            ("FRACTION", 0.5),
            ("NON_NEGATIVE", 0.5),
            ("POSITIVE", 1.0),
            ("TEXT", "'x'"),
        ]
    },
    "stakingmodels.checks.flag": ("where='x', value=True",),
    "stakingmodels.checks.instance": ("where='x', value=make('Product'), kind=products.Holding, how='x'",),
    "stakingmodels.checks.open_fraction": ("where='x', value=0.5",),
    "stakingmodels.checks.generator": ("where='x', rng=1",),
    "stakingmodels.engine.processes": ("workers=1",),
    "stakingmodels.engine.TailRiskReducer.merge": (
        "first=engine.TailRiskReducer(20).summarize({'held': make('Outcome')}),"
        " second=engine.TailRiskReducer(20).summarize({'held': make('Outcome')})",
    ),
    "stakingmodels.engine.TailRiskReducer.result": (
        "total=engine.TailRiskReducer(20).summarize({'held': make('Outcome')})",
    ),
    "stakingmodels.engine.ControlVariates.merge": (
        "first=engine.ControlVariates().summarize({'held': make('Outcome')}),"
        " second=engine.ControlVariates().summarize({'held': make('Outcome')})",
    ),
    "stakingmodels.engine.Moments.merge": (
        "first=engine.Moments().summarize({'held': make('Outcome')}),"
        " second=engine.Moments().summarize({'held': make('Outcome')})",
    ),
    **{
        f"stakingmodels.plotting.{name}.{method}": (
            ", ".join(f"{each}=plotting.{name}().summarize({{'held': make('Outcome')}})" for each in names),
        )
        for name in ("Fan", "Histogram", "Drawdown", "MoneyBack")
        for method, names in [("merge", ("first", "second")), ("result", ("total",))]
    },
    "stakingmodels.ledger.Book.charge": ("line=ledger.Line.OPERATING, amount=1.0",),
    "stakingmodels.ledger.Book.lose": ("line=ledger.Line.SLASHING, account=make('Account'), fraction=0.5",),
    "stakingmodels.ledger.Book": ("now=make('Now'), coin='ETH'",),
    "stakingmodels.plotting.reward_against_amount": ("products={'held': make('Product')}, market=make('Market')",),
    "stakingmodels.ledger.Outcome.slice_paths": ("start=0, stop=5",),
    "stakingmodels.market.Market": ("grid=grid(), series={market.Price('ETH'): 3000.0}",),
    "stakingmodels.market.Market.flat": ("grid=grid(), series={market.Price('ETH'): 3000.0}",),
    "stakingmodels.market.TimeGrid": ("times=np.array(['2026-01-01', '2026-01-02'], dtype='datetime64[s]')",),
    "stakingmodels.market.Now.binomial": ("key='x', n=10.0, p=0.5",),
    "stakingmodels.market.Now.successes": ("key='x', n=10.0, p=0.5",),
    "stakingmodels.measures.Distribution": ("values=np.linspace(-0.5, 0.5, 40)",),
    "stakingmodels.measures.irr": ("flows=np.array([-1.0, 0.5, 0.8]), times_years=np.array([0.0, 1.0, 2.0])",),
    "stakingmodels.plotting.alt": ("ax=plotting.answer_ranges(staked())",),
    "stakingmodels.plotting.svg": ("ax=plotting.answer_ranges(staked())",),
    "stakingmodels.plotting.save": ("ax=plotting.answer_ranges(staked()), path=Path(folder(), 'x.svg'), force=True",),
    "stakingmodels.plotting.answer_ranges": ("comparison=staked(), n_paths=None",),
    "stakingmodels.plotting.token_ratio": ("thing=make('Market')",),
    "stakingmodels.plotting.hashprice": ("contract=make('CloudMiningContract'), thing=make('Market')",),
    "stakingmodels.products.AllOf": ("rules=(products.After(2.0), products.After(3.0))",),
    "stakingmodels.products.AnyOf": ("rules=(products.After(2.0), products.After(3.0))",),
    "stakingmodels.products.Position.check_exit": ("now=make('Now'), share=0.5, how=None",),
    "stakingmodels.products.value_of": ("product=products.StakingPool(), term='commission'",),
    "stakingmodels.products.with_term": ("product=products.StakingPool(), term='commission', value=0.1",),
    "stakingmodels.products.LeaveWhen": ("product=make('Product'), rule=products.After(2.0)",),
    "stakingmodels.products.CloudMiningContract.break_even_price_usd_per_th_s": ("market=make('Market')",),
    "stakingmodels.products.MiningMachines.break_even_power_usd_per_kwh": ("market=make('Market')",),
    "stakingmodels.products.MiningMachines.shutdown_power_usd_per_kwh": ("market=make('Market')",),
    "stakingmodels.products.Failure": ("event=make('Event')",),
    "stakingmodels.products.Payout": ("every_days=7.0",),
    "stakingmodels.products.claim_interval_days": ("stake_usd=10_000.0, reward=rates.APR(0.05), cost_usd=1.0",),
    "stakingmodels.products.Halt": ("effect='pause', on='2026-01-02', days=3.0",),
    f"{_BTC}.block_proof": (f"bits={_BITS}",),
    f"{_BTC}.target_of_bits": (f"bits={_BITS}",),
    f"{_BTC}.calculate_next_work_required": (
        f"bits={_BITS}, first_block_time=1_700_000_000, last_block_time=1_701_200_000",
    ),
    f"{_BTC}.get_next_work_required": (f"last_height=100, last_bits={_BITS}, times={{0: 0}}",),
    f"{_BTC}.next_halving": ("time=np.datetime64('2026-01-01')",),
    f"{_BTC}.subsidy_at": ("time=np.datetime64('2026-01-01')",),
    f"{_ETH}.Registry.of": (
        "balances=[32 * 10**9] * 40, effective_balances=[32 * 10**9] * 40, max_effective_balances=[32 * 10**9] * 40",
    ),
    f"{_ETH}.EpochState": (
        "epoch=1000, registry=make('Registry'), previous_participation=np.full(40, 7),"
        " current_participation=np.full(40, 7), finality=make('Finality'),"
        " exits=protocols.chains.ethereum.ChurnQueue(),"
        " slashings=protocols.chains.ethereum.Slashings.empty(make('Ruleset'))",
    ),
    f"{_ETH}.process_epoch": (f"state=make('EpochState'), {_RULES}",),
    f"{_ETH}.process_slashing": (f"state=make('EpochState'), index=1, {_RULES}",),
    f"{_ETH}.process_rewards_and_penalties": (
        "balances=np.full(40, 32 * 10**9), effective_balances=np.full(40, 32 * 10**9),"
        " participation=np.full(40, 7), inactivity_scores=np.zeros(40, dtype=np.int64), totals=make('EpochTotals'),"
        f" {_RULES}",
    ),
    f"{_ETH}.activation_wait": (
        f"total_active_balance=10**16, queued_ahead=10**12, deposit=32 * 10**9, {_RULES}",
        f"total_active_balance=10**16, ahead=10**12, deposit=32 * 10**9, {_RULES}",
    ),
    f"{_ETH}.attestation_reward": (f"effective_balance=32 * 10**9, {_TOTAL}",),
    f"{_ETH}.get_base_reward": (f"effective_balance=32 * 10**9, {_TOTAL}",),
    f"{_ETH}.get_base_reward_per_increment": (_TOTAL,),
    f"{_ETH}.get_correlation_epoch": (f"withdrawable_epoch=10000, {_RULES}",),
    f"{_ETH}.get_correlation_penalty": (f"effective_balance=32 * 10**9, slashed_balance=10**12, {_TOTAL}",),
    f"{_ETH}.get_flag_index_deltas": (
        f"effective_balance=32 * 10**9, flag_index=1, unslashed_participating_balance=10**16, leak=False, {_TOTAL}",
    ),
    f"{_ETH}.get_seed": ("epoch=3, randao_mix=bytes(32), domain_type=bytes(4)",),
    f"{_ETH}.get_sync_participant_reward": (_TOTAL,),
    f"{_ETH}.get_sync_proposer_reward": (_TOTAL,),
    f"{_ETH}.get_validator_activation_churn_limit": (
        "active_validators=10**6, ruleset=protocols.chains.ethereum.DENEB",
    ),
    f"{_ETH}.get_validator_churn_limit": ("active_validators=10**6, ruleset=protocols.chains.ethereum.DENEB",),
    f"{_ETH}.ruleset": ("name='fulu'",),
    "stakingmodels.protocols.chains.polkadot.CurveInput": (
        "min_inflation=25_000, max_inflation=100_000, ideal_stake=750_000, falloff=50_000",
    ),
    "stakingmodels.protocols.chains.solana.SlotTimes": ("stages=((0, 400), (1020, 350))",),
    **{
        f"stakingmodels.protocols.contracts.lido.WithdrawalQueue.{name}": (text,)
        for name, text in [
            ("claim", "request_id=1"),
            ("finalize", "last_request_id=2, amount_of_eth=10**18, max_share_rate=10**27"),
            ("get_claimable_ether", "request_id=1"),
            ("prefinalize", "batches=(2,), max_share_rate=10**27"),
        ]
    },
    "stakingmodels.catalogue.check_sheet": ("source=sheet_file()",),
    "stakingmodels.catalogue.get": ("name='lido'",),
    "stakingmodels.catalogue.read_rates": ("path=rates_file()",),
    "stakingmodels.catalogue.read_sheet": ("source=sheet_file()",),
    "stakingmodels.catalogue.Sheet.has": ("name='open_source'",),
    "stakingmodels.catalogue.Sheet.attribute": ("name='open_source'",),
    "stakingmodels.products.token_history": (
        "product=products.LiquidStakingToken(), market=make('Market'), capital=1000.0",
    ),
    "stakingmodels.ratecard.RateCard": ("text=make('RateCard').text",),
    "stakingmodels.ratecard.RateCard.of": ("document=json.loads(make('RateCard').text)",),
    "stakingmodels.ratecard.RateCard.offer": ("product='pool', term_days=30, amount=1000.0, today='2026-01-02'",),
    "stakingmodels.ratecard.make": (
        "products={'held': make('Product')}, issued='2026-01-01', terms=(30,), n_paths=64, seed=1",
    ),
    "stakingmodels.ratecard.read": ("text=make('RateCard').text",),
    "stakingmodels.report.write": (
        "comparison=make('Comparison'), path=Path(folder(), 'x.html'), force=True, form='committee'",
        "comparison=make('Comparison'), path=Path(folder(), 'x.html'), force=True",
    ),
    "stakingmodels.scenarios.Constants": ("values={market.Price('ETH'): 3000.0}",),
    "stakingmodels.scenarios.Copula.draw": (
        "events=frozenset({market.Event('a:x'), market.Event('b:y')}), streams=make('Streams'), n_paths=3",
    ),
    "stakingmodels.scenarios.Copula": ("correlation={(market.Event('a:x'), market.Event('b:y')): 0.5}",),
    "stakingmodels.scenarios.EventShock": ("events=(make('Event'),), day=2.0",),
    "stakingmodels.scenarios.GeometricBrownianMotion": ("levels={market.Price('ETH'): make('GBM')}",),
    "stakingmodels.scenarios.Hazards": ("hazards={make('Event'): {0.0: 0.02}}",),
    "stakingmodels.scenarios.History": ("series={market.Price('ETH'): series()}",),
    "stakingmodels.scenarios.Joint": ("parts=(make('Scenario'),)",),
    "stakingmodels.scenarios.MertonJumpDiffusion": ("levels={market.Price('ETH'): make('Merton')}",),
    "stakingmodels.scenarios.Noise.fill": (
        "factor=market.Price('ETH'), start=1, stop=3, out=np.empty((2, 3))",
        "factor=market.Price('ETH'), start=0, stop=2, out=np.empty((2, 3))",
    ),
    "stakingmodels.scenarios.Pinned": ("scenario=gbm(), changes={market.Price('ETH'): -0.5}",),
    "stakingmodels.scenarios.QueueWaits": ("cells=(make('WaitCell'),)",),
    "stakingmodels.scenarios.RegimeGBM": ("initial_level=3000.0, volatility={'calm': 0.5, 'storm': 1.3}",),
    "stakingmodels.scenarios.RegimeGBM.growth": ("regime='calm'",),
    "stakingmodels.scenarios.RegimeSwitching": (
        "levels={market.Price('ETH'): make('RegimeGBM')},"
        " transition_rates={('calm', 'storm'): 4.0, ('storm', 'calm'): 12.0}",
    ),
    "stakingmodels.scenarios.RowFiller.rows": ("bounds=[(0, 6)], filled={}",),
    "stakingmodels.scenarios.RowFiller": (
        "factors=frozenset({market.Price('ETH')}), begin=lambda n: lambda start, stop, filled, out: None",
    ),
    "stakingmodels.scenarios.Shock": ("factors=(market.Price('ETH'),), day=2.0, change=-0.3",),
    "stakingmodels.scenarios.Shocked": ("scenario=make('Scenario'), shocks=(make('Shock'),)",),
    "stakingmodels.scenarios.daily_series": (
        "dates=np.array(['2026-01-01', '2026-01-02'], dtype='datetime64[D]'), values=np.array([1.0, 1.1]), name='x'",
    ),
    "stakingmodels.scenarios.read_daily": ("path=Path(folder(), 'prices.csv')",),
    "stakingmodels.scenarios.stress": ("name='halving 2024-04', scenario=scenarios.reference()",),
    "stakingmodels.serialize.dumps": ("thing=make('Product')",),
    "stakingmodels.serialize.load": ("path=saved('x.json')",),
    "stakingmodels.serialize.loads": ("text=serialize.dumps(make('Product'))",),
    "stakingmodels.serialize.repeat": ("path=saved('x.npz')",),
    "stakingmodels.serialize.save": ("thing=make('Product'), path=Path(folder(), 'y.json'), force=True",),
    "stakingmodels.testing.RewardFunction": ("function=flat, amount='amount', apr='apr', days='days'",),
    "stakingmodels.testing.Check.__call__": ("product=make('Product'), market=make('Market'), capital=1000.0",),
    "stakingmodels.testing.check_product": (
        "product=make('Product'), only=('books-close',)",
        "product=make('Product')",
    ),
    "stakingmodels.testing.check_scenario": (
        "scenario=make('Scenario'), grid=grid(), only=('prefix',)",
        "scenario=make('Scenario'), grid=grid()",
    ),
    "stakingmodels.testing.check_chain": ("chain=make('Chain')",),
    "stakingmodels.testing.check_reward": ("function=make('RewardFunction'), only=('zero-in-zero-out',)",),
    "stakingmodels.words.say": ("key='note.correlation', one='a', other='b', rho=0.5",),
    **{
        f"stakingmodels.scenarios.{name}.generate": (_DRAW,)
        for name in ("Constants", "Joint", "Shocked", "Pinned", "GeometricBrownianMotion", "Hazards", "QueueWaits")
    },
}
