// Environments that are seen as pixels, drawn by Cairo.
#include "render/easel.h"

#include "tests/catch.h"
#include "tests/envs/section.h"

namespace tests::easel {

using tests::Batch;

namespace {

Batch seen(const std::string& colour, int64_t n) {
  envs::offscreen() = render::easel;
  envs::WrapperOptions pixels;
  pixels.tagged().choose("pixels", "");
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

namespace {

// CartPole-v1 through pixels of 40 x 30, in colour, and what else is asked for.
Batch coloured(const std::string& more) {
  envs::offscreen() = render::easel;
  return env_batch(
      "{id: CartPole-v1, wrappers: [{name: pixels, width: 40, height: 30, colour: rgb}" + more + "]}", 2);
}

}  // namespace

TEST_CASE("colours are taken from pictures as pixels takes them", "[render][wrappers]") {
  Batch grey = seen("grey", 2), taken = coloured(", grayscale");
  CHECK(taken.envs->spec().observation.shape == std::vector<int64_t>{30, 40, 1});
  grey.reset(3);
  taken.reset(3);
  CHECK(taken.obs == grey.obs);
  CHECK(env_refusal("{id: CartPole-v1, wrappers: [pixels, grayscale]}")
            .find("grayscale needs pictures [H, W, 3]") != std::string::npos);
}

TEST_CASE("pictures of another size are means over areas", "[render][wrappers]") {
  Batch large = coloured(""), small = coloured(", {name: resize, width: 16, height: 10}");
  CHECK(small.envs->spec().observation.shape == std::vector<int64_t>{10, 16, 3});
  large.reset(3);
  small.reset(3);
  const auto old = row(large, large.obs, 1), now = row(small, small.obs, 1);
  // The naive twin: the old picture, every pixel 2 x 1 times, is 80 wide: each new pixel is 5 x 3 of those.
  for (size_t y = 0; y < 10; ++y)
    for (size_t x = 0; x < 16; ++x)
      for (size_t c = 0; c < 3; ++c) {
        int sum = 0;
        for (size_t k = 0; k < 15; ++k) sum += old[((3 * y + k / 5) * 40 + (5 * x + k % 5) / 2) * 3 + c];
        REQUIRE(std::abs(double(now[(y * 16 + x) * 3 + c]) - sum / 15.0) <= 0.501);
      }
  Batch same = coloured(", {name: resize, width: 40, height: 30}"),
        wide = coloured(", {name: resize, width: 80, height: 30}");
  same.reset(3);
  wide.reset(3);
  CHECK(same.obs == large.obs);
  const auto twice = row(wide, wide.obs, 0), once = row(large, large.obs, 0);
  for (size_t k = 0; k < once.size(); ++k) REQUIRE(twice[k / 3 * 6 + k % 3] == once[k]);
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
