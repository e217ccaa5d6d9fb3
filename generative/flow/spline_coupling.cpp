#include "generative/flow/spline_coupling.h"

#include <cmath>

namespace generative {
namespace {

using torch::Tensor;
using torch::indexing::Slice;

constexpr double least_share = 1e-3, least_slope = 1e-3;  // of a bin; of the spline at a knot

// -bound .. bound in K steps whose lengths are a softmax of `raw` [B, H, K], none shorter than its floor.
Tensor knots(const Tensor& raw, double bound) {
  const double free = 1 - least_share * double(raw.size(-1));
  const Tensor shares = least_share + free * raw.softmax(-1);
  const Tensor inner = bound * (2 * shares.cumsum(-1).slice(-1, 0, -1) - 1);  // [B, H, K - 1]
  return torch::cat({torch::full_like(inner.slice(-1, 0, 1), -bound), inner,
                     torch::full_like(inner.slice(-1, 0, 1), bound)},
                    -1);  // [B, H, K + 1]
}

Tensor slopes(const Tensor& raw) {                           // [B, H, K - 1] -> [B, H, K + 1]
  const double one = std::log(std::expm1(1 - least_slope));  // where the softplus gives slope 1
  const Tensor inner = least_slope + torch::softplus(raw + one),
               end = torch::ones_like(inner.slice(-1, 0, 1));
  return torch::cat({end, inner, end}, -1);
}

// The bin of every number: its corner (x, y), its width and height, and the slopes at both ends, all [B, H].
struct Bin {
  Tensor x, y, width, height, left, right;

  Tensor rise() const { return height / width; }
};

enum class Axis { x, y };  // along which the bin is looked up

Bin find_bin(const Tensor& at, const Tensor& raw, int64_t K, double bound, Axis axis) {
  const Tensor own = raw.view({at.size(0), at.size(1), 3 * K - 1});
  const Tensor xs = knots(own.narrow(2, 0, K), bound), ys = knots(own.narrow(2, K, K), bound);
  const Tensor& looked_up = axis == Axis::x ? xs : ys;
  const Tensor index = (at.unsqueeze(2) >= looked_up.slice(2, 1, K)).sum(2, true);    // [B, H, 1]
  const Tensor all = torch::stack({xs, ys, slopes(own.narrow(2, 2 * K, K - 1))}, 2);  // [B, H, 3, K + 1]
  const Tensor place = index.unsqueeze(3).expand({-1, -1, 3, 1});
  const auto low = all.gather(3, place).squeeze(3).unbind(2),
             high = all.gather(3, place + 1).squeeze(3).unbind(2);
  return {low[0], low[1], high[0] - low[0], high[1] - low[1], low[2], high[2]};
}

// ln dy/dx at the share t of a bin's width (eq. 5).
Tensor log_slope(const Bin& bin, const Tensor& t) {
  const Tensor s = bin.rise(), mixed = t * (1 - t);
  const Tensor top = s.square() * (bin.right * t.square() + 2 * s * mixed + bin.left * (1 - t).square());
  const Tensor bottom = s + (bin.left + bin.right - 2 * s) * mixed;
  return top.log() - 2 * bottom.log();
}

// Outside the knots the identity.
FlowOutput with_tails(const Tensor& inside, const Tensor& before, const Tensor& after,
                      const Tensor& log_slopes) {
  return {torch::where(inside, after, before),
          torch::where(inside, log_slopes, torch::zeros_like(log_slopes)).sum(1)};
}

}  // namespace

FlowOutput SplineCoupling::forward(const Tensor& x, const Tensor& raw) const {
  const Tensor within = x.clamp(-bound, bound);
  const Bin bin = find_bin(within, raw, bins, bound, Axis::x);
  const Tensor t = (within - bin.x) / bin.width, s = bin.rise(), mixed = t * (1 - t);
  const Tensor share = (s * t.square() + bin.left * mixed) / (s + (bin.left + bin.right - 2 * s) * mixed);
  return with_tails(x.abs() < bound, x, bin.y + bin.height * share, log_slope(bin, t));  // eq. 4
}

FlowOutput SplineCoupling::inverse(const Tensor& y, const Tensor& raw) const {
  const Tensor within = y.clamp(-bound, bound);
  const Bin bin = find_bin(within, raw, bins, bound, Axis::y);
  const Tensor up = within - bin.y, s = bin.rise(), bend = up * (bin.left + bin.right - 2 * s);
  const Tensor a = bin.height * (s - bin.left) + bend, b = bin.height * bin.left - bend, c = -s * up;
  const Tensor root = (b.square() - 4 * a * c).clamp_min(0).sqrt();
  const Tensor t = (2 * c / (-b - root)).clamp(0, 1);  // eq. 6-8: the root that stays in the bin
  return with_tails(y.abs() < bound, y, bin.x + bin.width * t, -log_slope(bin, t));
}

}  // namespace generative
