// The contract of written glyphs: drawings of one are alike, those of two are not, and parts may have their
// own.
#include "training/data/glyphs.h"

#include "tests/catch.h"

namespace tests::data_glyphs {

using torch::Tensor;
using training::Dataset;
using training::data::Data;
using training::data::Glyphs;

namespace {

Glyphs few() { return {.sizes = {.train_size = 400, .test_size = 200}, .classes = 5, .side = 24}; }

// [K, D]: the mean drawing of each glyph.
Tensor means(const Dataset& set) {
  const Tensor pixels = set.inputs().flatten(1).to(torch::kFloat32);
  std::vector<Tensor> all;
  for (int64_t k = 0; k < std::ssize(set.classes); ++k)
    all.push_back(pixels.index_select(0, (set.targets() == k).nonzero().flatten()).mean(0));
  return torch::stack(all);
}

// How often the nearest mean of `known` is the drawing's own glyph.
double recognised(const Tensor& known, const Dataset& set) {
  const Tensor distance = torch::cdist(set.inputs().flatten(1).to(torch::kFloat32), known);
  return (distance.argmin(1) == set.targets()).to(torch::kFloat64).mean().item<double>();
}

}  // namespace

TEST_CASE("Drawings of a glyph are alike, and unseen ones are others", "[training][data]") {
  Glyphs steady = few();
  steady.rotation = 5;
  const Data data = steady.load();
  CHECK(data.train.inputs().sizes() == torch::IntArrayRef({400, 1, 24, 24}));
  CHECK(data.train.classes.size() == 5);
  CHECK(data.train.targets().bincount().min().item<int64_t>() > 50);
  CHECK(recognised(means(data.train), data.test) > 0.75);
  steady.unseen = true;
  const Data other = steady.load();
  CHECK(recognised(means(other.train), other.test) < 0.5);
  CHECK(recognised(means(other.test), other.test) > 0.75);
  CHECK(recognised(means(other.valid), other.test) < 0.5);
}

TEST_CASE("A drawing is inked, within its shift and turn, and clutter adds ink", "[training][data]") {
  Glyphs turned = few(), cluttered = few();
  turned.rotation = 90, cluttered.clutter = 10;
  const Data data = turned.load();
  const Tensor state = data.train.rows["state"], ink = data.train.inputs().flatten(1).to(torch::kFloat32);
  CHECK(ink.sum(1).min().item<double>() > 5 * 255);
  CHECK(state.select(1, 2).abs().max().item<double>() > 1.2);
  CHECK(state.select(1, 2).abs().max().item<double>() <= 1.5709);
  CHECK(state.slice(1, 0, 2).abs().max().item<double>() <= 0.07 * 24 + 1e-4);
  const Tensor more = cluttered.load().train.inputs().to(torch::kFloat32);
  CHECK(more.mean().item<double>() > 1.2 * ink.mean().item<double>());
  CHECK(turned.load().test.inputs().equal(data.test.inputs()));
}

}  // namespace tests::data_glyphs
