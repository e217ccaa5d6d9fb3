// Toy densities: exact entropy, density that fits its own samples; puzzles that no linear map solves.
#include <cmath>

#include "tests/catch.h"
#include "tests/refusal.h"
#include "training/data/densities.h"
#include "training/data/puzzles.h"

using namespace training::data;
using torch::Tensor;

static double mean_surprise(const Data& data) {
  return -data.log_density(data.test.inputs()).mean().item<double>();
}

TEST_CASE("Entropies are those of closed forms and of another quadrature", "[training]") {
  // By another quadrature (sums over 1,000 midpoints of each arc); 1.011, often quoted, is a Monte Carlo
  // estimate.
  CHECK(*Moons{}.load().entropy == Approx(1.007583).margin(2e-6));
  CHECK(*Donut{}.load().entropy == Approx(0.9517).margin(5e-5));
  CHECK(*Checkerboard{}.load().entropy == Approx(std::log(32.0)));
  // Eight Gaussians that do not overlap: ln 8 + ln(2 pi e sigma^2).
  CHECK(*Ring{}.load().entropy == Approx(std::log(8.0) + std::log(2 * M_PI * M_E * 0.0025)).margin(1e-9));
}

TEST_CASE("The samples of a toy density are as surprising as its entropy says", "[training]") {
  const auto check = [](const Data& data) {
    CHECK(mean_surprise(data) == Approx(*data.entropy).margin(0.03));  // 10,000 points: three standard errors
  };
  check(Moons{}.load());
  check(Donut{}.load());
  check(Checkerboard{}.load());
  check(Ring{}.load());
  check(Ring{.modes = 3, .radius = 1, .noise = 0.8}.load());  // overlapping
}

TEST_CASE("A toy density integrates to one", "[training]") {
  const auto mass = [](const Data& data, double reach) {
    const double step = 0.02;
    const Tensor axis = torch::arange(-reach + step / 2, reach, step, torch::kFloat64);
    double sum = 0;
    for (const Tensor& x : axis.unbind())
      sum += data.log_density(torch::stack({x.expand_as(axis), axis}, 1)).exp().sum().item<double>();
    return sum * step * step;
  };
  CHECK(mass(Moons{}.load(), 3) == Approx(1).epsilon(1e-6));
  CHECK(mass(Donut{}.load(), 2.5) == Approx(1).epsilon(1e-6));
  CHECK(mass(Checkerboard{}.load(), 5) == Approx(1).epsilon(1e-6));
  CHECK(mass(Ring{}.load(), 3) == Approx(1).epsilon(1e-6));
}

TEST_CASE("No checkerboard point lies on an empty cell", "[training]") {
  const auto data = Checkerboard{}.load();
  CHECK(torch::isfinite(data.log_density(data.train.inputs())).all().item<bool>());
  CHECK(std::isinf(data.log_density(torch::tensor({{1.0, -1.0}})).item<double>()));
  CHECK(std::isinf(data.log_density(torch::tensor({{5.0, 5.0}})).item<double>()));
}

TEST_CASE("Toy data depend on their own seed alone, and no two parts are equal", "[training]") {
  CHECK(torch::equal(Moons{}.load().train.inputs(), Moons{}.load().train.inputs()));
  const Data moons = Moons{}.load();
  CHECK_FALSE(torch::equal(moons.train.inputs(), moons.test.inputs()));
  CHECK_FALSE(torch::equal(moons.train.inputs(), moons.valid.inputs()));
  CHECK_FALSE(torch::equal(moons.valid.inputs(), moons.test.inputs()));
  CHECK_FALSE(torch::equal(Moons{}.load().train.inputs(), Moons{.sizes = {.seed = 1}}.load().train.inputs()));
}

// Test accuracy of the best linear map (least squares on the labels as -1 and 1).
static double linear_accuracy(const Data& data) {
  const auto features = [](const training::Dataset& set) {
    const Tensor x = set.inputs().flatten(1).to(torch::kFloat64);
    return torch::cat({x, torch::ones({x.size(0), 1}, torch::kFloat64)}, 1);
  };
  const Tensor x = features(data.train), y = data.train.targets().to(torch::kFloat64) * 2 - 1;
  const Tensor w = torch::linalg_pinv(x, 1e-9).matmul(y);
  return ((features(data.test).matmul(w) > 0).to(torch::kInt64) == data.test.targets())
      .to(torch::kFloat64)
      .mean()
      .item<double>();
}

TEST_CASE("Puzzles have balanced classes that no linear map tells apart", "[training]") {
  for (const Data& data : {Xor{}.load(), Stripes{}.load()}) {
    CHECK(data.train.targets().to(torch::kFloat64).mean().item<double>() == Approx(0.5).margin(0.05));
    CHECK(linear_accuracy(data) < 0.65);
  }
}

TEST_CASE("Stripes have one bright row or column", "[training]") {
  const auto data = Stripes{}.load();
  const Tensor bright = (data.train.inputs().squeeze(1) >= 200).to(torch::kInt64);  // [M, 8, 8]
  CHECK((bright.sum({1, 2}) == 8).all().item<bool>());
  const Tensor columns = std::get<0>(bright.sum(1).max(1)) == 8;
  CHECK(torch::equal(columns.to(torch::kInt64), data.train.targets()));
}

TEST_CASE("The data section chooses a source, checks its options and permutes for controls", "[training]") {
  const auto load = [](const std::string& text) {
    Options options;
    core::Fields f;
    f.tagged("data", options.tagged(), "");
    core::read_fields(f, core::parse_yaml(text, "x.yaml"));
    return options.load();
  };
  CHECK(load("data: moons").train.size() == 10000);
  CHECK(load("data: {name: moons, train_size: 50}").train.size() == 50);
  CHECK(load("data: {name: moons, test_size: 50}").valid.size() == 50);
  CHECK(load("data: {name: moons, valid_size: 20, test_size: 50}").valid.size() == 20);
  CHECK(refusal([&] {
          load("data: mons");
        }).find("x.yaml:1:7: unknown data source 'mons', did you mean 'moons'") == 0);
  CHECK(refusal([&] { load("data: {name: moons, nois: 1}"); }).find("data.nois") != std::string::npos);
  CHECK(refusal([&] { load("data: {name: moons, noise: 0}"); }).find("data.noise") != std::string::npos);
  CHECK(refusal([&] { load("data: {name: donut, permute: labels}"); }).find("labels") != std::string::npos);
  CHECK(refusal([] { Options{}.load(); }).find("choose one of") != std::string::npos);

  const Data plain = load("data: xor"), labels = load("data: {name: xor, permute: labels}"),
             columns = load("data: {name: xor, permute: columns}");
  CHECK(torch::equal(labels.train.inputs(), plain.train.inputs()));
  CHECK_FALSE(torch::equal(labels.train.targets(), plain.train.targets()));
  CHECK(labels.train.targets().sum().item<int64_t>() == plain.train.targets().sum().item<int64_t>());
  CHECK(torch::equal(std::get<0>(columns.train.inputs().sort(0)), std::get<0>(plain.train.inputs().sort(0))));
  CHECK_FALSE(torch::equal(columns.train.inputs(), plain.train.inputs()));
  CHECK(torch::equal(labels.test.targets(), plain.test.targets()));
  CHECK_FALSE(
      torch::equal(labels.valid.targets(), plain.valid.targets()));  // nor is there anything to choose by
  CHECK(labels.valid.targets().sum().item<int64_t>() == plain.valid.targets().sum().item<int64_t>());
}

TEST_CASE("A few rows tell their labels, as many of every class, and all are there without", "[training]") {
  Options options;
  core::Fields f;
  f.tagged("data", options.tagged(), "");
  core::read_fields(f, core::parse_yaml("data: {name: xor, train_size: 100, labelled: 10}", "x.yaml"));
  const Data data = options.load();
  CHECK(data.train.size() == 10);
  CHECK(std::abs(data.train.targets().sum().item<int64_t>() - 5) <= 1);
  CHECK(data.train.classes.size() == 2);
  CHECK(data.unlabelled.size() == 100);
  CHECK_FALSE(data.unlabelled.targets().defined());
  const torch::Tensor same =
      (data.train.inputs().unsqueeze(1) == data.unlabelled.inputs().unsqueeze(0)).all(2).sum();
  CHECK(same.item<int64_t>() == 10);
}

TEST_CASE("Runs of before call the control by its former name", "[training]") {
  Options options;
  core::Fields f;
  f.tagged("data", options.tagged(), "");
  core::read_fields(f, core::parse_yaml("data: {name: xor, scramble: labels}", "best.h5"));
  CHECK(options.permute == "labels");
  CHECK(core::to_yaml(core::write_fields(f)).find("scramble") == std::string::npos);
}

TEST_CASE("The ring's points lie around the modes that it names", "[training]") {
  const Data ring = training::data::Ring{}.load();
  REQUIRE(ring.mixture.has_value());
  CHECK(ring.mixture->centres.sizes() == torch::IntArrayRef({8, 2}));
  const torch::Tensor own = ring.mixture->centres.index_select(0, ring.test.targets());  // [M, 2]
  const torch::Tensor away = ring.test.inputs().to(torch::kFloat64) - own;
  CHECK(away.std().item<double>() == Approx(ring.mixture->deviation).epsilon(0.03));
  CHECK_FALSE(training::data::Moons{}.load().mixture.has_value());
}

TEST_CASE("Every data source is in alphabetical order and describes itself", "[training]") {
  const auto names = all().names();
  CHECK(std::is_sorted(names.begin(), names.end()));
  for (const auto& entry : all()) {
    core::Fields f;
    const auto factory = entry.factory();
    factory.fields(f);
    CHECK_FALSE(f.list().empty());
    CHECK_FALSE(entry.sentence.empty());
  }
}
