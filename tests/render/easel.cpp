// Environments that are seen as pixels, drawn by Cairo.
#include "render/easel.h"

#include "tests/catch.h"
#include "tests/envs/batch.h"

namespace tests::easel {

using tests::Batch;

namespace {

Batch seen(const std::string& colour, int64_t n) {
  envs::offscreen() = render::easel;
  envs::WrapperOptions pixels;
  pixels.chosen().choose("pixels", "");
  core::Fields fields;
  pixels.factory.fields(fields);
  core::read_fields(fields, core::parse_yaml("{width: 40, height: 30, colour: " + colour + "}", "x"));
  return Batch(envs::wrap(envs::all().at("CartPole-v1").factory().make(n, "exact", 6), {pixels},
                          envs::EnvPurpose::training));
}

std::vector<uint8_t> row(const Batch& b, const std::vector<std::byte>& from, size_t i) {
  const auto* first = reinterpret_cast<const uint8_t*>(b.row(from, i));
  return {first, first + b.obs_bytes};
}

}  // namespace

TEST_CASE("pixels are the environment's drawing, in grey or colour", "[render][wrappers]") {
  Batch rgb = seen("rgb", 2), grey = seen("grey", 2);
  CHECK(rgb.envs->spec().observation.shape == std::vector<int64_t>{30, 40, 3});
  CHECK(grey.envs->spec().observation.shape == std::vector<int64_t>{30, 40, 1});
  rgb.reset(0);
  grey.reset(0);
  const core::Image drawn = [&] {
    const envs::OffscreenCanvas easel = render::easel(40, 30);
    rgb.envs->draw(1, *easel.canvas);
    return easel.image();
  }();
  CHECK(row(rgb, rgb.obs, 1) == drawn.pixels);
  const auto colours = row(rgb, rgb.obs, 0), levels = row(grey, grey.obs, 0);
  int wrong = 0, dark = 0;
  for (size_t k = 0; k < levels.size(); ++k) {
    const double luminance = 0.299 * colours[3 * k] + 0.587 * colours[3 * k + 1] + 0.114 * colours[3 * k + 2];
    wrong += std::abs(luminance - levels[k]) > 0.51;
    dark += levels[k] < 128;
  }
  CHECK(wrong == 0);
  CHECK(dark > 5);  // there is something to see
}

TEST_CASE("the last picture of an episode shows its end, the next one a new beginning",
          "[render][wrappers]") {
  Batch b = seen("grey", 3), state(envs::all().at("CartPole-v1").factory().make(3, "exact", 6));
  b.reset(4);
  state.reset(4);
  const envs::OffscreenCanvas easel = render::easel(40, 30);
  for (int t = 1; t <= 12; ++t) {
    b.discrete = state.discrete = {1, 0, 1};
    b.step();
    state.step();
    if (t % 6) continue;
    CHECK(b.truncated[0] == 1);
    CHECK(b.final_obs != b.obs);
    state.envs->draw(0, *easel.canvas);  // of the episode that has just begun
    const core::Image image = easel.image();
    const auto levels = row(b, b.obs, 0);
    int wrong = 0;
    for (size_t k = 0; k < levels.size(); ++k)
      wrong += std::abs(0.299 * image.pixels[3 * k] + 0.587 * image.pixels[3 * k + 1] +
                        0.114 * image.pixels[3 * k + 2] - levels[k]) > 0.51;
    CHECK(wrong == 0);
  }
}

}  // namespace tests::easel
