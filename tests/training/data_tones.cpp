// The contract of tones: what is told of a wave is to be heard in it.
#include "training/data/tones.h"

#include <cmath>
#include <numbers>

#include "tests/catch.h"
#include "tests/refusal.h"

namespace tests::data_tones {

using torch::Tensor;
using training::Column;
using training::data::Data;
using training::data::Tones;

static Tones few(int64_t most = 1) {
  return {.sizes = {.train_size = 300, .test_size = 50}, .pitches = 4, .most = most};
}

// The pitch whose sine a wave [L] holds most of.
static int64_t heard(const Tones& options, const Tensor& wave) {
  const Tensor t = torch::arange(wave.size(0), torch::kFloat32);
  std::vector<double> power;
  for (int64_t k = 0; k < options.pitches; ++k) {
    const Tensor angle = t * (2 * std::numbers::pi * options.frequency(k) / options.rate);
    power.push_back(
        std::hypot((wave * angle.sin()).sum().item<double>(), (wave * angle.cos()).sum().item<double>()));
  }
  return std::max_element(power.begin(), power.end()) - power.begin();
}

TEST_CASE("A tone is heard through its noise", "[training][data]") {
  const Data data = few().load();
  CHECK(data.train.inputs().sizes() == torch::IntArrayRef({300, 256}));
  CHECK(data.train.classes == std::vector<std::string>{"300 Hz", "378 Hz", "476 Hz", "600 Hz"});
  int64_t right = 0;
  for (int64_t i = 0; i < 300; ++i)
    right += heard(few(), data.train.inputs()[i]) == data.train.targets()[i].item<int64_t>();
  CHECK(right >= 297);
  const Tensor noise = data.train.inputs() - data.train.rows["clean"];
  CHECK(noise.std().item<double>() == Approx(0.1).epsilon(0.02));
  CHECK(std::abs(noise.mean().item<double>()) < 0.002);
  const Tensor amplitude = data.train.rows["state"].select(1, 1);
  CHECK((std::get<0>(data.train.rows["clean"].abs().max(1)) <= amplitude + 1e-4).all().item<bool>());
}

TEST_CASE("Several tones have their pitches in turn, and pauses between them", "[training][data]") {
  const Data data = few(3).load();
  CHECK_FALSE(data.train.targets().defined());
  const Column labels = *data.train.rows.find("labels");
  CHECK(labels.offsets.diff().min().item<int64_t>() == 1);
  CHECK(labels.offsets.diff().max().item<int64_t>() == 3);
  CHECK(data.train.kinds.size() == 4);
  int64_t right = 0, all = 0;
  for (int64_t i = 0; i < 100; ++i) {
    const Tensor row = labels.row(i), shares = data.train.rows["clean"][i];
    const int64_t n = row.size(0);
    for (int64_t k = 0; k < n; ++k, ++all)
      right += heard(few(), shares.slice(0, 256 * k / n, 256 * (k + 1) / n)) == row[k].item<int64_t>();
  }
  CHECK(double(right) >= 0.9 * double(all));  // a third of a row is 85 samples: half a cycle apart
  CHECK(few(3).load().test.inputs().equal(data.test.inputs()));
}

TEST_CASE("Tones that no row can hold are refused", "[training][data]") {
  Tones high = few(), crowd = few(40);
  high.rate = 1000, crowd.samples = 256;
  CHECK(refusal([&] { high.load(); }).find("half of the rate") != std::string::npos);
  CHECK(refusal([&] { crowd.load(); }).find("at least 8") != std::string::npos);
}

}  // namespace tests::data_tones
