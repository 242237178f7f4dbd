// Reads a rate card of stakingmodels: gain, cost and rate of an amount, never better than the library's own quote.

export function answer(card, product, days, amount, today) {
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
