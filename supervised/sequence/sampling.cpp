#include "supervised/sequence/sampling.h"

#include <algorithm>

#include "training/compat.h"
#include "training/loop/failure.h"

namespace supervised {

using torch::Tensor;

std::pair<Tensor, Tensor> choices(const Tensor& logits, const Sampling& sampling) {
  const int64_t symbols = logits.size(0);
  const bool surest = sampling.temperature == 0;
  const int64_t kept = surest ? 1 : sampling.top_k > 0 ? std::min(sampling.top_k, symbols) : symbols;
  const auto [likeliest, which] = (surest ? logits : logits / sampling.temperature).topk(kept);
  const Tensor p = likeliest.softmax(0);
  if (sampling.top_p >= 1) return {p, which};
  const Tensor before = p.cumsum(0) - p;  // how likely those are together that are likelier
  const Tensor nucleus = p.masked_fill((before >= sampling.top_p).logical_and(before > 0), 0);
  return {nucleus / nucleus.sum(), which};
}

int64_t draw(const Tensor& logits, const Sampling& sampling) {
  if (sampling.temperature == 0) return logits.argmax().item<int64_t>();
  const auto [p, which] = choices(logits, sampling);
  training::require_finite(p, "the logits");
  const Tensor drawn = p.cpu().multinomial(1, false, training::default_generator());
  return which[drawn.item<int64_t>()].item<int64_t>();
}

}  // namespace supervised
