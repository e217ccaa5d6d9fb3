// Every game by a critic that is a table: its optimum over two known distributions, and what it costs there.
#include "generative/gan/losses.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/refusal.h"

using generative::gan_loss;
using torch::Tensor;

namespace {

// Six values of which data and samples have their shares, both [6]; the opinion of each is a free number.
struct Shares {
  Tensor data, samples;

  // The mean over a distribution: each value stands there as often as its share of 60 rows.
  static Tensor drawn(const Tensor& opinion, const Tensor& shares) {
    return opinion.repeat_interleave((60 * shares).round().to(torch::kInt64)).unsqueeze(1);
  }
  Tensor critic_loss(const generative::GanLoss& loss, const Tensor& opinion) const {
    return loss.on_data(drawn(opinion, data)) + loss.on_samples(drawn(opinion, samples));
  }
};

Tensor sixtieths(const std::vector<int64_t>& counts) {
  return torch::tensor(counts).to(torch::kFloat64) / 60;
}

const std::vector<int64_t> even{10, 10, 10, 10, 10, 10}, slope{5, 20, 5, 10, 12, 8},
    other{20, 5, 10, 5, 8, 12};

// By Newton's method, each value by itself: the loss is a sum over them.
Tensor best_opinion(const generative::GanLoss& loss, const Shares& shares) {
  Tensor opinion = torch::zeros({6}, torch::kFloat64);
  for (int i = 0; i < 50; ++i) {
    const Tensor at = opinion.detach().requires_grad_();
    const Tensor first = torch::autograd::grad({shares.critic_loss(loss, at)}, {at}, {}, true, true)[0];
    const Tensor second = torch::autograd::grad({first.sum()}, {at})[0];
    opinion = at.detach() - first.detach() / second;
  }
  return opinion;
}

}  // namespace

TEST_CASE("Where samples are the data the best critic says one half, at a cost of 2 ln 2",
          "[generative][gan]") {
  for (const char* name : {"minimax", "non_saturating"})
    for (const auto& counts : {even, slope}) {
      INFO(name);
      const Shares same{sixtieths(counts), sixtieths(counts)};
      const Tensor best = best_opinion(gan_loss(name), same);
      CHECK(best.sigmoid().sub(0.5).abs().max().item<double>() < 1e-12);
      CHECK(same.critic_loss(gan_loss(name), best).item<double>() == Approx(2 * std::log(2)).epsilon(1e-12));
      for (int i = 0; i < 20; ++i) {  // no other critic does better
        torch::manual_seed(i);
        const Tensor tried = torch::randn({6}, torch::kFloat64);
        CHECK(same.critic_loss(gan_loss(name), tried).item<double>() > 2 * std::log(2));
      }
    }
}

// Goodfellow et al. (2014), proposition 1 and theorem 1: 2 ln 2 - 2 JSD.
TEST_CASE("The best critic is p / (p + q), and costs 2 ln 2 less twice the Jensen-Shannon divergence",
          "[generative][gan]") {
  const Shares shares{sixtieths(slope), sixtieths(other)};
  const Tensor p = shares.data, q = shares.samples, m = (p + q) / 2;
  const double jsd = (0.5 * (p * (p / m).log()).sum() + 0.5 * (q * (q / m).log()).sum()).item<double>();
  REQUIRE(jsd > 0.05);
  const Tensor best = best_opinion(gan_loss("minimax"), shares);
  CHECK(torch::allclose(best.sigmoid(), p / (p + q), 1e-10));
  CHECK(shares.critic_loss(gan_loss("minimax"), best).item<double>() ==
        Approx(2 * std::log(2) - 2 * jsd).epsilon(1e-10));
}

// Mao et al. (2017), equation 5; at p = q it costs 1/2 (1/4 + 1/4).
TEST_CASE("The best critic of least squares is p / (p + q) as it stands", "[generative][gan]") {
  const Shares shares{sixtieths(slope), sixtieths(other)}, same{sixtieths(slope), sixtieths(slope)};
  const Tensor p = shares.data, q = shares.samples;
  CHECK(torch::allclose(best_opinion(gan_loss("least_squares"), shares), p / (p + q), 1e-10));
  const Tensor half = best_opinion(gan_loss("least_squares"), same);
  CHECK(same.critic_loss(gan_loss("least_squares"), half).item<double>() == Approx(0.25));
}

TEST_CASE("The generator's loss falls as the critic likes its samples more, in every game",
          "[generative][gan]") {
  for (const std::string& name : generative::gan_losses()) {
    INFO(name);
    const Tensor opinion = torch::full({5, 1}, -0.7, torch::kFloat64).requires_grad_();
    const Tensor slope_of = torch::autograd::grad({gan_loss(name).of_generator(opinion)}, {opinion})[0];
    CHECK((slope_of < 0).all().item<bool>());
  }
}

// Where the critic is sure, ln(1 - D) is flat and -ln D is steep: Goodfellow et al. (2014), section 3.
TEST_CASE("Minimax saturates where the critic is sure, non-saturating does not", "[generative][gan]") {
  const auto slope_at = [](const char* name, double opinion) {
    const Tensor s = torch::full({1, 1}, opinion, torch::kFloat64).requires_grad_();
    return torch::autograd::grad({gan_loss(name).of_generator(s)}, {s})[0].item<double>();
  };
  CHECK(slope_at("minimax", -10) == Approx(-1 / (1 + std::exp(10))));
  CHECK(slope_at("non_saturating", -10) == Approx(-1 / (1 + std::exp(-10))));
  CHECK(slope_at("minimax", 0) == Approx(slope_at("non_saturating", 0)));
}

TEST_CASE("Opinions are shown as probabilities where they are log-odds", "[generative][gan]") {
  const Tensor opinion = torch::tensor({{0.0}, {2.0}}, torch::kFloat64);
  CHECK(torch::equal(gan_loss("minimax").shown(opinion), opinion.sigmoid()));
  CHECK(torch::equal(gan_loss("wgan_clip").shown(opinion), opinion));
  CHECK(refusal([] { gan_loss("wgan"); }).find("gan.loss: unknown 'wgan'") != std::string::npos);
}
