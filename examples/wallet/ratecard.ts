// Reads a rate card of stakingmodels: gain, cost and rate of an amount, never better than the library's own quote.
type Line = { fixed: number; share: number };
type Tier = { from: number; gain: Line; cost: Line; low: number | null; average: number | null; high: number | null };
type Offer = { product: string; term_days: number; rate_days: number; minimum: number; tiers: Tier[] };
type Card = { schema: number; issued: string; valid_until: string; decimals: number; rate_kind: string; capital: { low: number; high: number }; offers: Offer[] };
type Answer = { gain: number; cost: number; net_rate: number; low: number | null; average: number | null; high: number | null };

export function answer(card: Card, product: string, days: number, amount: number, today: string): Answer {
  if (card.schema !== 1) throw new Error(`schema ${card.schema} is unknown: update this reader`);
  if (!/^\d{4}-\d\d-\d\d$/.test(today) || today < card.issued || today > card.valid_until)
    throw new Error(`the card holds from ${card.issued} to ${card.valid_until}, today is ${today}: fetch a new one`);
  const offer = card.offers.find((each) => each.product === product && each.term_days === days);
  if (!offer) throw new Error(`${product} for ${days} days is not in the card`);
  const least = Math.max(offer.minimum, card.capital.low);
  if (typeof amount !== "number" || !(amount >= least && amount <= card.capital.high))
    throw new Error(`the amount must be a number from ${least} to ${card.capital.high}, not ${JSON.stringify(amount)}`);
  const tier = offer.tiers.reduce((last, next) => (next.from <= amount ? next : last));
  const gain = tier.gain.fixed + tier.gain.share * amount;
  const cost = tier.cost.fixed + tier.cost.share * amount;
  const years = offer.rate_days / 365;
  const rate = card.rate_kind === "APY" ? Math.max(1 + gain / amount, 0) ** (1 / years) - 1 : gain / amount / years;
  const unit = 10 ** card.decimals;
  return {
    gain: Math.floor(gain * unit) / unit,
    cost: Math.ceil(cost * unit) / unit,
    net_rate: Math.floor(rate * 1e4) / 1e4,
    low: tier.low, average: tier.average, high: tier.high,
  };
}
