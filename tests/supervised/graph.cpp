// Graphs: normalisation and attention by hand, nodes in another order give the same answers in that order,
// and classes follow from who is whose neighbour.
#include <algorithm>
#include <map>
#include <set>

#include "supervised/all.h"
#include "supervised/graph/graph_net.h"
#include "tests/catch.h"
#include "tests/refusal.h"
#include "tests/scratch.h"
#include "tests/trial.h"
#include "training/data/graphs.h"

using supervised::all;
using supervised::Edges;
using torch::Tensor;
namespace nodes = training::data::column_of_nodes;

namespace tests::graphs {

static Edges both_ways(int64_t count, const std::vector<std::pair<int64_t, int64_t>>& edges) {
  std::vector<int64_t> from, to;
  for (const auto& [a, b] : edges) from.insert(from.end(), {a, b}), to.insert(to.end(), {b, a});
  return {count, torch::tensor(from, torch::kInt64), torch::tensor(to, torch::kInt64)};
}

static Edges path_of_three() { return both_ways(3, {{0, 1}, {1, 2}}); }

static Tensor parameter(const torch::nn::Module& module, const std::string& name) {
  return module.named_parameters()[name].detach();
}

TEST_CASE("a graph convolution is normalised as by hand", "[supervised][graph]") {
  supervised::GcnLayer layer(2, 2);
  const Tensor x = torch::tensor({{1.0, 0.0}, {0.0, 2.0}, {3.0, 1.0}}).to(torch::kFloat32);
  const double r = 1 / std::sqrt(6.0);  // degrees with loops: 2, 3, 2
  const Tensor normalised =
      torch::tensor({{0.5, r, 0.0}, {r, 1 / 3.0, r}, {0.0, r, 0.5}}).to(torch::kFloat32);
  const Tensor right = normalised.matmul(x.matmul(parameter(*layer, "linear.weight").t()));
  CHECK(torch::allclose(layer->forward(x, path_of_three()), right, 0, 1e-6));
}

TEST_CASE("GraphSAGE takes a node beside the mean of its neighbours", "[supervised][graph]") {
  supervised::SageLayer layer(1, 3);
  const Tensor x = torch::tensor({{1.0}, {2.0}, {5.0}, {7.0}}).to(torch::kFloat32);
  const Tensor both =
      torch::tensor({{1.0, 2.0}, {2.0, 3.0}, {5.0, 2.0}, {7.0, 0.0}}).to(torch::kFloat32);  // one alone
  Edges edges = path_of_three();
  edges.nodes = 4;
  const Tensor right = both.matmul(parameter(*layer, "linear.weight").t()) + parameter(*layer, "linear.bias");
  CHECK(torch::allclose(layer->forward(x, edges), right, 0, 1e-6));
}

TEST_CASE("graph attention is a softmax over a node and its neighbours", "[supervised][graph]") {
  torch::manual_seed(1);
  supervised::GatLayer layer(2, 3, 2, true);
  const Tensor x = torch::randn({3, 2});
  const Tensor own = x.matmul(parameter(*layer, "linear.weight").t()).view({3, 2, 3});
  const Tensor seen = parameter(*layer, "seen"), seeing = parameter(*layer, "seeing");
  Tensor right = torch::zeros({3, 3});
  const std::vector<std::vector<int64_t>> around{{0, 1}, {0, 1, 2}, {1, 2}};
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t h = 0; h < 2; ++h) {
      std::vector<Tensor> scores, values;
      for (const int64_t j : around[size_t(i)]) {
        scores.push_back(torch::leaky_relu((own[j][h] * seen[h]).sum() + (own[i][h] * seeing[h]).sum(), 0.2));
        values.push_back(own[j][h]);
      }
      right[i] += torch::stack(scores).softmax(0).matmul(torch::stack(values)) / 2;
    }
  CHECK(torch::allclose(layer->forward(x, path_of_three()), right, 0, 1e-5));
  const Edges loops = path_of_three().with_loops();
  const Tensor shares = supervised::softmax_at_nodes(100 * torch::randn({7, 2}), loops);
  CHECK(torch::allclose(supervised::gathered(shares, loops), torch::ones({3, 2})));
}

TEST_CASE("nodes in another order have the same answers in that order", "[supervised][graph]") {
  const Edges edges = both_ways(6, {{0, 1}, {1, 2}, {2, 3}, {3, 0}, {1, 4}});  // 5 is alone
  const Tensor x = torch::randn({6, 4}),
               order = torch::tensor({3, 5, 0, 4, 1, 2});  // new place i holds old order[i]
  const Tensor place = order.argsort();
  const Edges renamed{6, place.index_select(0, edges.from), place.index_select(0, edges.to)};
  for (const std::string layer : {"gcn", "gat", "sage", "mlp"}) {
    INFO(layer);
    supervised::GraphNet net(
        4, 3, supervised::GraphNetOptions{.layer = layer, .width = 5, .heads = 2, .dropout = 0});
    const Tensor plain = net->forward(x, edges), moved = net->forward(x.index_select(0, order), renamed);
    CHECK(torch::allclose(plain.index_select(0, order), moved, 1e-4, 1e-6));
  }
}

TEST_CASE("the karate club is Zachary's", "[supervised][graph][data]") {
  const auto data = training::data::Karate{}.load();
  const auto& neighbours = *data.train.rows.find(nodes::neighbours);
  CHECK(neighbours.values.size(0) == 2 * 78);
  const Tensor degrees = neighbours.offsets.diff();
  CHECK(degrees[0].item<int64_t>() == 16);
  CHECK(degrees[33].item<int64_t>() == 17);
  CHECK(degrees.min().item<int64_t>() == 1);  // the twelfth member
  CHECK(degrees[11].item<int64_t>() == 1);
  Tensor all = torch::full({34}, -100, torch::kInt64);
  int64_t told = 0;
  for (const auto* part : {&data.train, &data.valid, &data.test}) {
    const Tensor classes = part->rows[nodes::classes], here = classes >= 0;
    CHECK((all.masked_select(here) == -100).all().item<bool>());  // no node in two parts
    all = torch::where(here, classes, all);
    told += here.sum().item<int64_t>();
  }
  CHECK(told == 34);
  CHECK((all == 0).sum().item<int64_t>() == 17);
  const Tensor told_first = data.train.rows[nodes::classes];
  CHECK((told_first >= 0).sum().item<int64_t>() == 4);
  for (const int64_t member : {1, 3, 33, 34}) CHECK(told_first[member - 1].item<int64_t>() == (member > 3));
}

TEST_CASE("blocks have the edges that their chances say", "[supervised][graph][data]") {
  const auto data = training::data::Blocks{.classes = 2, .nodes = 150, .within = 0.2, .between = 0.02}.load();
  const auto& neighbours = *data.train.rows.find(nodes::neighbours);
  int64_t within = 0, between = 0;
  for (int64_t i = 0; i < 300; ++i) {
    const Tensor own = neighbours.row(i);
    for (int64_t k = 0; k < own.size(0); ++k) ++(own[k].item<int64_t>() / 150 == i / 150 ? within : between);
  }
  CHECK(double(within) == Approx(0.2 * 2 * 150 * 149).epsilon(0.06));
  CHECK(double(between) == Approx(0.02 * 2 * 150 * 150).epsilon(0.15));
}

TEST_CASE("neighbours tell the classes of blocks, and a node's own numbers do not", "[supervised][graph]") {
  const std::string& yaml = all().at("graph_net").trial;
  for (const std::string layer : {"gcn", "gat", "sage"})
    for (const std::string seed : {"0", "1", "2"}) {
      INFO(layer << " " << seed);
      CHECK(trial::grades_after_learning(yaml, all(),
                                         {"seed=" + seed, "net.layer=" + layer})["test/accuracy"] > 0.85);
    }
  CHECK(trial::grades_after_learning(yaml, all(), {"net.layer=mlp"})["test/accuracy"] < 0.8);
  auto run = trial::session(yaml, all());
  CHECK(run.sample(4, 1).pictures[0].shape == std::vector<int64_t>{60, 2});
}

TEST_CASE("a graph of files names the line of what is wrong", "[supervised][graph][data]") {
  const Scratch scratch;
  const auto says = [&](const std::string& people, const std::string& edges) {
    write_bytes(scratch / "n.txt", people);
    write_bytes(scratch / "e.txt", edges);
    return refusal([&] {
      training::data::GraphFiles{.nodes = (scratch / "n.txt").string(),
                                 .edges = (scratch / "e.txt").string(),
                                 .told = {.labelled = 1, .valid = 1}}
          .load();
    });
  };
  const std::string six = "a x\nb x\nc x\n\nd y\ne y\nf y\n", file = (scratch / "e.txt").string();
  CHECK(says(six, "a b\nc a\nd e\n").empty());
  CHECK(says(six, "a b\n\na q\n") ==
        "data: " + file + ":3: an edge to 'q', which is no node of " + (scratch / "n.txt").string());
  CHECK(says(six, "a a\n") == "data: " + file + ":1: an edge from 'a' to itself");
  CHECK(says(six, "a b c\n") == "data: " + file + ":1: expected two words, found 'a b c'");
  CHECK(says("a x\na y\n", "").find("n.txt:2: node 'a' a second time") != std::string::npos);
  CHECK(says("a x\nb y\n", "a b\n").find("class 'x' has 1 nodes") != std::string::npos);
  CHECK(says("", "").find("expected a line for each node") != std::string::npos);
}

TEST_CASE("what is no graph is refused, and a graph by who needs labels", "[supervised][graph]") {
  const auto says = [](const std::string& yaml) {
    return refusal([&] { trial::session(yaml + "\ntrain: {steps: 1}\n", all()); });
  };
  CHECK(says("model: graph_net\ndata: xor").find("'xor' is no graph") != std::string::npos);
  CHECK(says("model: mlp\ndata: karate").find("'karate' has no labels") != std::string::npos);
}

}  // namespace tests::graphs
