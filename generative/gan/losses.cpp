#include "generative/gan/losses.h"

#include <algorithm>
#include <array>

#include "core/error.h"
#include "core/nearest.h"

namespace generative {

using torch::Tensor;

// -ln D and -ln(1 - D) of log-odds.
static Tensor not_data(const Tensor& s) { return torch::softplus(-s).mean(); }
static Tensor not_samples(const Tensor& s) { return torch::softplus(s).mean(); }
static Tensor caught(const Tensor& s) { return -torch::softplus(s).mean(); }  // ln(1 - D)

static Tensor far_from_one(const Tensor& s) { return 0.5 * (s - 1).square().mean(); }
static Tensor far_from_zero(const Tensor& s) { return 0.5 * s.square().mean(); }

static Tensor low(const Tensor& s) { return -s.mean(); }
static Tensor high(const Tensor& s) { return s.mean(); }

static constexpr std::array all_gan_losses{
    GanLoss{"minimax", "nats", not_data, not_samples, caught, true, false},
    GanLoss{"non_saturating", "nats", not_data, not_samples, not_data, true, false},
    GanLoss{"least_squares", "", far_from_one, far_from_zero, far_from_one, false, false},
    GanLoss{"wgan_clip", "", low, high, low, false, true},
    GanLoss{"wgan_gp", "", low, high, low, false, true}};

std::vector<std::string> gan_losses() {
  std::vector<std::string> names;
  for (const GanLoss& loss : all_gan_losses) names.emplace_back(loss.name);
  return names;
}

const GanLoss& gan_loss(const std::string& name) {
  const auto* found = std::find_if(all_gan_losses.begin(), all_gan_losses.end(),
                                   [&](const GanLoss& loss) { return loss.name == name; });
  core::check(found != all_gan_losses.end(), "gan.loss: unknown '{}'{}", name,
              core::suggestion(name, gan_losses()));
  return *found;
}

}  // namespace generative
