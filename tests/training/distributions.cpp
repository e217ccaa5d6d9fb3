// Densities against closed forms written out by hand, Monte Carlo and finite differences.
#include "training/distributions.h"

#include <cmath>

#include "tests/catch.h"
#include "training/compat.h"

using torch::Tensor;
using training::Bernoulli;
using training::Categorical;
using training::Normal;
using training::SquashedNormal;

static Tensor row(std::vector<double> values) { return torch::tensor(values, torch::kFloat64); }
static double number(const Tensor& t) { return t.item<double>(); }
static constexpr int64_t draws = 200000;

TEST_CASE("A categorical's log_prob, entropy and KL are the textbook sums", "[training]") {
  const Tensor p = row({0.5, 0.3, 0.2}), q = row({0.2, 0.2, 0.6});
  const Categorical a(p.log() + 7), b(q.log() - 2);
  CHECK(number(a.log_prob(torch::tensor(1))) == Approx(std::log(0.3)));
  CHECK(number(a.entropy()) == Approx(-(0.5 * std::log(0.5) + 0.3 * std::log(0.3) + 0.2 * std::log(0.2))));
  CHECK(number(kl(a, b)) ==
        Approx(0.5 * std::log(0.5 / 0.2) + 0.3 * std::log(0.3 / 0.2) + 0.2 * std::log(0.2 / 0.6)));
  CHECK(number(kl(a, a)) == Approx(0).margin(1e-12));
  CHECK(a.mode().item<int64_t>() == 0);
}

TEST_CASE("A categorical's samples come as often as it says, and never from a forbidden class",
          "[training]") {
  const Tensor p = row({0.5, 0.0, 0.3, 0.2});
  const Categorical c(p.log().expand({draws, 4}));
  const Tensor share =
      torch::bincount(c.sample(training::make_generator(3)), {}, 4).to(torch::kFloat64) / draws;
  CHECK((share - p).abs().max().item<double>() < 0.005);
  CHECK(share[1].item<double>() == 0);
}

TEST_CASE("A forbidden class adds nothing to the entropy, and its gradient is finite", "[training]") {
  Tensor logits = row({1, -INFINITY, 2}).requires_grad_();
  const Categorical c(logits);
  CHECK(number(c.entropy()) == Approx(number(Categorical(row({1, 2})).entropy())));
  (c.entropy() + c.log_prob(torch::tensor(2))).backward();
  CHECK(torch::isfinite(logits.grad()).all().item<bool>());
}

TEST_CASE("A Bernoulli's log_prob, entropy and KL are those of two classes", "[training]") {
  const Tensor l = row({-1.5, 0.2, 3});
  const Bernoulli b(l), other(row({0.5, 0.5, -1}));
  const auto two = [](const Tensor& x) { return Categorical(torch::stack({torch::zeros_like(x), x}, 1)); };
  CHECK(torch::allclose(b.entropy(), two(l).entropy()));
  CHECK(torch::allclose(kl(b, other), kl(two(l), two(other.logits))));
  CHECK(torch::allclose(b.log_prob(row({1, 0, 1})), two(l).log_prob(torch::tensor({1, 0, 1}))));
  CHECK(torch::isfinite(Bernoulli(row({-300, 300})).log_prob(row({1, 0}))).all().item<bool>());
  const Tensor many = Bernoulli(l.expand({draws, 3})).sample(training::make_generator(1)).mean(0);
  CHECK((many - b.mean()).abs().max().item<double>() < 0.005);
}

TEST_CASE("A normal's density is the textbook's, and integrates to one", "[training]") {
  const Normal n(row({0.7}), row({std::log(0.4)}));
  CHECK(number(n.log_prob(row({1.2}))) ==
        Approx(-0.5 * std::pow(0.5 / 0.4, 2) - std::log(0.4 * std::sqrt(2 * M_PI))));
  const Tensor x = torch::linspace(-4, 5, 9001, torch::kFloat64);
  CHECK(number(n.log_prob(x).exp().sum() * 0.001) == Approx(1).epsilon(1e-9));
  CHECK(number(n.entropy()) == Approx(0.5 * std::log(2 * M_PI * M_E * 0.16)));
}

TEST_CASE("The KL of normals in closed form is its Monte Carlo estimate", "[training]") {
  const Normal p(row({0.3, -1}), row({-0.5, 0.2})), q(row({0, 0}), row({0, 0.5}));
  const Normal many(p.mean.expand({draws, 2}), p.log_std);
  const Tensor z = many.sample(training::make_generator(5));
  const Tensor estimate = (p.log_prob(z) - q.log_prob(z)).mean(0);
  CHECK(torch::allclose(kl(p, q), estimate, 0, 0.01));
  CHECK(torch::allclose(kl(p, p), torch::zeros({2}, torch::kFloat64)));
  CHECK(torch::allclose(many.sample(training::make_generator(5)).std(0), p.log_std.exp(), 0.01));
}

// d/dtheta of `f` by central differences.
template <class F>
static double slope(F f, double at) {
  const double h = 1e-5;
  return (number(f(row({at + h}))) - number(f(row({at - h})))) / (2 * h);
}
template <class F>
static double autograd_slope(F f, double at) {
  Tensor x = row({at}).requires_grad_();
  f(x).sum().backward();
  return number(x.grad());
}

TEST_CASE("Gradients of every closed form are its finite differences", "[training]") {
  const Normal standard(row({0}), row({0}));
  const auto same = [](auto f, double at) {
    CHECK(autograd_slope(f, at) == Approx(slope(f, at)).epsilon(1e-6).margin(1e-8));
  };
  same([&](const Tensor& m) { return kl(Normal(m, row({-0.3})), standard); }, 0.8);
  same([&](const Tensor& s) { return kl(Normal(row({0.8}), s), standard); }, -0.3);
  same([&](const Tensor& s) { return Normal(row({0.1}), s).log_prob(row({0.9})); }, 0.4);
  same([&](const Tensor& l) { return Bernoulli(l).entropy(); }, 1.3);
  same([&](const Tensor& l) { return kl(Bernoulli(l), Bernoulli(row({0.2}))); }, 1.3);
  same([&](const Tensor& l) { return Categorical(torch::cat({l, row({0.5, -1})})).entropy(); }, 0.6);
  same(
      [&](const Tensor& l) {
        return kl(Categorical(torch::cat({l, row({0.5, -1})})), Categorical(row({0, 1, 0})));
      },
      0.6);
}

TEST_CASE("A sample of a normal carries the gradient of its mean and deviation", "[training]") {
  Tensor mean = row({1}).requires_grad_(), log_std = row({0.5}).requires_grad_();
  const Tensor z = Normal(mean, log_std).sample(training::make_generator(2));
  z.sum().backward();
  CHECK(number(mean.grad()) == 1);
  CHECK(number(log_std.grad()) == Approx(number(z) - 1));
}

TEST_CASE("Equal generators give equal samples, and each draw is new", "[training]") {
  const Tensor like = torch::empty({50});
  const auto a = training::make_generator(7), b = training::make_generator(7);
  const Tensor first = training::normal_noise(like, a);
  CHECK(torch::equal(first, training::normal_noise(like, b)));
  CHECK_FALSE(torch::equal(first, training::normal_noise(like, a)));
}

// A bounded action whose inner normal has mean `m` and log deviation `s`.
static SquashedNormal squashed(const Tensor& m, const Tensor& s) {
  return {Normal(m, s), row({-2}), row({3})};
}

TEST_CASE("A squashed normal's density is that of the change of variables, and integrates to one",
          "[training]") {
  const SquashedNormal pi = squashed(row({0.4}), row({-0.2}));
  const Tensor a =
      torch::linspace(-2, 3, 200001, torch::kFloat64).narrow(0, 1, 199999);  // between the bounds
  const Tensor inside = ((a + 2) / 2.5 - 1).atanh(), density = pi.log_prob(inside).exp();
  CHECK(torch::allclose(pi.squash(inside), a));
  CHECK(number(density.sum() * (5.0 / 200000)) == Approx(1).epsilon(1e-6));
  const double x = number(inside[70000]), slope = 2.5 * (1 - std::pow(std::tanh(x), 2));
  CHECK(number(pi.log_prob(row({x}))) == Approx(number(pi.inner.log_prob(row({x}))) - std::log(slope)));
}

TEST_CASE("A squashed normal's samples lie within the bounds, at the entropy of its density", "[training]") {
  const SquashedNormal one = squashed(row({0.4}), row({-0.2}));
  const SquashedNormal many{Normal(one.inner.mean.expand({draws}), one.inner.log_std), one.low, one.high};
  const Tensor a = torch::linspace(-2, 3, 200001, torch::kFloat64).narrow(0, 1, 199999);
  const Tensor log_density = one.log_prob(((a + 2) / 2.5 - 1).atanh());
  const double entropy = -number((log_density.exp() * log_density).sum() * (5.0 / 200000));
  const Tensor inside = many.inner.sample(training::make_generator(4)), drawn = many.squash(inside);
  CHECK(number(drawn.min()) >= -2);
  CHECK(number(drawn.max()) <= 3);
  CHECK(-number(many.log_prob(inside).mean()) == Approx(entropy).margin(0.01));
  CHECK(number(one.mode()) == Approx(-2 + 2.5 * (1 + std::tanh(0.4))));
}

TEST_CASE("The slope of tanh keeps its digits where 1 - tanh^2 has lost them", "[training]") {
  const Tensor x = row({-30, -5, 0, 2, 40});
  const Tensor near = (1 - x.tanh().square()).log(), slope = training::log_tanh_slope(x);
  CHECK(torch::allclose(slope.narrow(0, 1, 3), near.narrow(0, 1, 3)));
  CHECK(number(slope[0]) == Approx(2 * std::log(2) - 60));
  CHECK(number(slope[4]) == Approx(2 * std::log(2) - 80));
  CHECK(number(training::log_tanh_slope(torch::tensor(40.0f))) == Approx(2 * std::log(2) - 80));
}

TEST_CASE("Gradients of a squashed normal's sample and density are their finite differences", "[training]") {
  const Tensor noise = row({0.7});
  const auto entropy_and_action = [&](const Tensor& m, const Tensor& s) {
    const SquashedNormal pi = squashed(m, s);
    const Tensor inside = m + s.exp() * noise;
    return pi.log_prob(inside) * 0.3 + pi.squash(inside).square();
  };
  const auto of_mean = [&](const Tensor& m) { return entropy_and_action(m, row({-0.3})); };
  const auto of_log_std = [&](const Tensor& s) { return entropy_and_action(row({0.8}), s); };
  CHECK(autograd_slope(of_mean, 0.8) == Approx(slope(of_mean, 0.8)).epsilon(1e-6));
  CHECK(autograd_slope(of_log_std, -0.3) == Approx(slope(of_log_std, -0.3)).epsilon(1e-6));
}
