// t-SNE beside its definitions: entropies, its slope by autograd, and neighbours that stay together.
#include "generative/autoencoders/tsne.h"

#include <cmath>

#include "generative/autoencoders/code_pictures.h"
#include "tests/catch.h"

using torch::Tensor;

TEST_CASE("Each row's neighbours have the entropy of the perplexity, whatever the rows' unit",
          "[generative][tsne]") {
  torch::manual_seed(0);
  const Tensor rows = torch::randn({60, 5}) * torch::linspace(0.1, 3, 60).unsqueeze(1);
  for (const double unit : {1e-3, 1.0, 1e4}) {
    const Tensor p = generative::neighbour_probabilities(unit * rows, 8);
    const Tensor entropy = -torch::xlogy(p, p).sum(1);
    CHECK((entropy - std::log(8)).abs().max().item<double>() < 1e-9);
    CHECK(torch::allclose(p.sum(1), torch::ones({60}, torch::kFloat64)));
    CHECK(p.diagonal().abs().max().item<double>() == 0);
  }
}

TEST_CASE("t-SNE's gradient is the slope of its divergence", "[generative][tsne]") {
  torch::manual_seed(1);  // 30 rows: whole lanes, and two that remain
  const Tensor p = generative::neighbour_probabilities(torch::randn({30, 4}), 5), P = (p + p.t()) / 60;
  const Tensor places = torch::randn({30, 2}, torch::kFloat64).requires_grad_();
  const Tensor apart = (places.unsqueeze(1) - places.unsqueeze(0)).square().sum(2);
  const Tensor self = torch::eye(30, torch::kFloat64), affinity = (1 + apart).reciprocal() - self;
  const Tensor log_q = (affinity + self).log() - affinity.sum().log();  // P is 0 where a row meets itself
  const Tensor slope = torch::autograd::grad({-(P * log_q).sum()}, {places})[0];
  const Tensor along = places.detach().t().contiguous();
  CHECK(torch::allclose(generative::tsne_gradient(P, along).t(), slope, 1e-9, 1e-12));
  const Tensor in_float = generative::tsne_gradient(P.to(torch::kFloat32), along.to(torch::kFloat32));
  CHECK(torch::allclose(in_float.t().to(torch::kFloat64), slope, 1e-4, 1e-6));
}

// Share of rows whose nearest other place belongs to a row of their own class.
static double purity(const Tensor& places, const Tensor& classes) {
  const Tensor nearest = torch::cdist(places, places).fill_diagonal_(1e9).argmin(1);
  return (classes.index_select(0, nearest) == classes).to(torch::kFloat64).mean().item<double>();
}

// Four clusters of ten dimensions whose first two tell nothing: along these they lie on top of each other.
TEST_CASE("t-SNE keeps clusters together that a flat map lays on each other", "[generative][tsne]") {
  for (const int64_t seed : {0, 1, 2}) {
    torch::manual_seed(seed);
    const Tensor classes = torch::arange(120) % 4;
    Tensor rows = torch::randn({120, 10});
    rows.narrow(1, 0, 2) *= 4;
    rows.narrow(1, 2, 4) += 12 * torch::one_hot(classes, 4);
    const Tensor flat = rows.narrow(1, 0, 2).to(torch::kFloat64);
    const Tensor places = generative::tsne(rows, flat, {.perplexity = 15, .iterations = 300});
    CHECK(purity(flat, classes) < 0.5);
    CHECK(purity(places, classes) > 0.98);
    CHECK(places.equal(generative::tsne(rows, flat, {.perplexity = 15, .iterations = 300})));
  }
}

TEST_CASE("A map of codes names the classes of its rows, and has t-SNE beside the principal components",
          "[generative][tsne]") {
  core::Gallery gallery;
  const training::Batch rows(torch::zeros({40, 1}), torch::arange(40) % 2);
  generative::show_code_map(gallery, "Codes", torch::randn({40, 3}), {rows, {"a", "b"}});
  REQUIRE(gallery.pictures.size() == 2);
  CHECK(gallery.pictures[0].name == "latents");
  CHECK(gallery.pictures[1].name == "tsne");
  for (const auto& picture : gallery.pictures) {
    CHECK(picture.shape == std::vector<int64_t>{40, 2});
    CHECK(picture.labels == std::vector<std::string>{"a", "b"});
    CHECK(picture.classes.size() == 40);
    CHECK(picture.classes[1] == 1);
  }
  core::Gallery plane;
  generative::show_code_map(plane, "Codes", torch::randn({40, 2}));
  REQUIRE(plane.pictures.size() == 1);
  CHECK(plane.pictures[0].classes.empty());
}
