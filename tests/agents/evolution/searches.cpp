// Searches on functions whose least is known, and single updates by hand.
#include <cmath>

#include "agents/evolution/cma.h"
#include "agents/evolution/genetic.h"
#include "agents/evolution/ipop.h"
#include "agents/evolution/noise.h"
#include "agents/evolution/sep_cma_es.h"
#include "agents/evolution/snes.h"
#include "tests/catch.h"
#include "tests/refusal.h"

using namespace agents;

namespace tests::searches {

using Row = std::vector<double>;
using Cost = double (*)(const Row& x);

double sphere(const Row& x) { return sum_of_squares(x); }

// Separable, of condition 1e6.
double ellipsoid(const Row& x) {
  double sum = 0;
  for (size_t j = 0; j < x.size(); ++j)
    sum += std::pow(1e6, static_cast<double>(j) / static_cast<double>(x.size() - 1)) * x[j] * x[j];
  return sum;
}

double rastrigin(const Row& x) {
  double sum = 0;
  for (const double v : x) sum += 10 + v * v - 10 * std::cos(2 * std::acos(-1.0) * v);
  return sum;
}

Row row(const std::vector<double>& rows, size_t i, size_t d) {
  return {rows.begin() + static_cast<ptrdiff_t>(i * d), rows.begin() + static_cast<ptrdiff_t>((i + 1) * d)};
}

// Of each candidate [d].
std::vector<double> costs(const std::vector<double>& candidates, size_t d, Cost cost) {
  std::vector<double> all;
  for (size_t k = 0; k < candidates.size() / d; ++k) all.push_back(cost(row(candidates, k, d)));
  return all;
}

// Evaluations until a candidate costs less than `goal`, at most `most`.
template <class Search>
size_t evaluations(Search search, size_t d, Cost cost, uint64_t seed, double goal = 1e-10,
                   size_t most = 100000) {
  for (size_t done = 0; done < most;) {
    const std::vector<double> found = costs(search.ask(seed), d, cost);
    for (const double value : found)
      if (++done; value < goal) return done;
    search.tell(found);
  }
  return most;
}

// The next candidates of this search and of one that has taken over its state are the same.
template <class Search>
bool goes_on(Search& search, Search fresh, uint64_t seed) {
  core::Archive saved;
  search.state(saved);
  core::Archive loaded(saved.blobs());
  fresh.state(loaded);
  return fresh.ask(seed) == search.ask(seed);
}

constexpr size_t d = 10;
const Row threes(d, 3.0);

// The bounds are a little above the most that twenty seeds have needed here: 2,498 and 3,326 evaluations of
// SNES, 1,610 and 3,153 of separable CMA-ES.
TEST_CASE("SNES finds the least of separable functions to 1e-10", "[agents][evolution]") {
  for (const uint64_t seed : {0, 1, 2}) {
    CHECK(evaluations(SnesSearch(threes, 1, 10), d, sphere, seed) < 2600);
    CHECK(evaluations(SnesSearch(threes, 1, 10), d, ellipsoid, seed) < 3500);
  }
}

TEST_CASE("separable CMA-ES finds the least of separable functions to 1e-10, before CMA-ES does",
          "[agents][evolution]") {
  for (const uint64_t seed : {0, 1, 2}) {
    CHECK(evaluations(SepCma(threes, 1, 10), d, sphere, seed) < 1700);
    const size_t diagonal = evaluations(SepCma(threes, 1, 10), d, ellipsoid, seed);
    CHECK(diagonal < 3300);
    CHECK(diagonal < evaluations(Cma(threes, 1, 10), d, ellipsoid, seed));
  }
}

TEST_CASE("a generation of SNES by hand", "[agents][evolution]") {
  SnesSearch search({2, 0}, 0.5, 4);
  search.ask(7);
  search.tell(std::vector<double>{3, 1, 2, 9});
  const std::vector<double> s = standard_normal_rows(7, 0, 4, 2);
  // Of four: log 3, log 3 / 2 and 0, 0, divided by their sum log 4.5, less a quarter.
  const double first = std::log(3) / std::log(4.5) - 0.25, second = std::log(1.5) / std::log(4.5) - 0.25;
  const Row u{-0.25, first, second, -0.25};
  const double eta = (3 + std::log(2)) / (5 * std::sqrt(2));
  for (size_t j = 0; j < 2; ++j) {
    double mean = 0, deviation = 0;
    for (size_t k = 0; k < 4; ++k) {
      mean += u[k] * s[2 * k + j];
      deviation += u[k] * (s[2 * k + j] * s[2 * k + j] - 1);
    }
    CHECK(search.mean()[j] == Approx((j == 0 ? 2 : 0) + 0.5 * mean));
    CHECK(search.sigma()[j] == Approx(0.5 * std::exp(eta / 2 * deviation)));
  }
}

TEST_CASE("in one dimension separable CMA-ES is CMA-ES", "[agents][evolution]") {
  SepCma diagonal({3}, 1, 6);
  Cma whole({3}, 1, 6);
  for (int g = 0; g < 30; ++g) {
    diagonal.tell(costs(diagonal.ask(5), 1, rastrigin));
    whole.tell(costs(whole.ask(5), 1, rastrigin));
    REQUIRE(diagonal.mean()[0] == Approx(whole.mean()[0]).margin(1e-9));
    REQUIRE(diagonal.sigma() == Approx(whole.sigma()));
    REQUIRE(diagonal.variances()[0] == Approx(whole.covariance()[0]));
  }
}

TEST_CASE("deviations become those of the ellipsoid", "[agents][evolution]") {
  SepCma diagonal(Row(3, 1.0), 1, 12);
  SnesSearch natural(Row(3, 1.0), 1, 12);
  for (int g = 0; g < 100; ++g) {
    diagonal.tell(costs(diagonal.ask(4), 3, ellipsoid));
    natural.tell(costs(natural.ask(4), 3, ellipsoid));
  }
  CHECK(diagonal.axis_ratio() == Approx(1000).epsilon(0.7));
  CHECK(natural.sigma()[0] / natural.sigma()[2] == Approx(1000).epsilon(0.7));
}

TEST_CASE("where all candidates are equal, deviations stay as they are", "[agents][evolution]") {
  SnesSearch natural({1, 1}, 0.5, 8);
  natural.ask(1);
  natural.tell(std::vector<double>(8, 500.0));
  CHECK(natural.sigma()[0] == Approx(0.5));
  CHECK(natural.mean()[0] == Approx(1));
  double logs = 0;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    SepCma flat(Row(4, 0.0), 1, 10);
    for (int g = 0; g < 20; ++g) {
      flat.ask(seed);
      flat.tell(std::vector<double>(10, 0.0));
    }
    logs += std::log(flat.sigma()) / 200;
  }
  CHECK(std::abs(logs) < 0.2);
}

TEST_CASE("searches go on from their saved state as if they had not stopped", "[agents][evolution]") {
  SnesSearch natural(threes, 1, 8);
  SepCma diagonal(threes, 1, 8);
  GeneticSearch genetic(threes, {.sigma = 1, .population = 8, .parents = 3, .elites = 1});
  for (int g = 0; g < 5; ++g) {
    natural.tell(costs(natural.ask(2), d, rastrigin));
    diagonal.tell(costs(diagonal.ask(2), d, rastrigin));
    genetic.tell(costs(genetic.ask(2), d, rastrigin));
    CHECK(goes_on(natural, SnesSearch(threes, 1, 8), 2));
    CHECK(goes_on(diagonal, SepCma(threes, 1, 8), 2));
    CHECK(
        goes_on(genetic, GeneticSearch(threes, {.sigma = 1, .population = 8, .parents = 3, .elites = 1}), 2));
  }
}

TEST_CASE("a generation of the genetic algorithm by hand", "[agents][evolution]") {
  const size_t n = 200;
  GeneticSearch search({5, -5}, {.sigma = 0.1, .population = n, .parents = 2, .elites = 1});
  const std::vector<double> first = search.ask(3);
  CHECK(row(first, 0, 2) == Row{5, -5});  // the rest are its children
  CHECK(row(first, 1, 2) != Row{5, -5});
  std::vector<double> told(n, 7.0);
  told[42] = 1;
  told[9] = 2;
  search.tell(told);
  const Row best = row(first, 42, 2), second = row(first, 9, 2);
  CHECK(search.best() == best);
  CHECK(row(search.parents(), 1, 2) == second);

  // The elite as it is, then children: a parent and its noise.
  const std::vector<double> next = search.ask(3), noise = standard_normal_rows(3, 1, n, 2);
  CHECK(row(next, 0, 2) == best);
  size_t of_best = 0, of_second = 0;
  for (size_t k = 1; k < n; ++k) {
    const auto is_child_of = [&](const Row& parent) {
      return std::abs(next[2 * k] - parent[0] - 0.1 * noise[2 * k]) < 1e-12 &&
             std::abs(next[2 * k + 1] - parent[1] - 0.1 * noise[2 * k + 1]) < 1e-12;
    };
    of_best += is_child_of(best);
    of_second += is_child_of(second);
  }
  CHECK(of_best + of_second == n - 1);
  CHECK(std::abs(static_cast<double>(of_best) - 99.5) < 4 * std::sqrt(199 * 0.25));

  // An elite that nobody beats stays the best.
  told.assign(n, 7.0);
  search.tell(told);
  CHECK(search.best() == best);
}

TEST_CASE("a genetic algorithm without elites forgets its best", "[agents][evolution]") {
  GeneticSearch search({0, 0}, {.sigma = 1, .population = 6, .parents = 6, .elites = 0});
  const std::vector<double> first = search.ask(1);
  search.tell(std::vector<double>{6, 5, 4, 3, 2, 1});
  const std::vector<double> next = search.ask(1);
  for (size_t i = 0; i < 6; ++i)
    for (size_t k = 0; k < 6; ++k) CHECK(row(first, i, 2) != row(next, k, 2));
}

TEST_CASE("more elites than parents, more parents than candidates, and no child are refused",
          "[agents][evolution][bad_input]") {
  const auto refused = [](int64_t population, int64_t parents, int64_t elites) {
    return refusal([&] {
      GeneticSearch({0}, {.sigma = 1, .population = population, .parents = parents, .elites = elites});
    });
  };
  CHECK(refused(8, 3, 3).empty());
  CHECK(refused(8, 3, 4) ==
        "genetic: expected elites <= parents <= population and a child each generation, found 4 elites, 3 "
        "parents, a population of 8");
  CHECK_FALSE(refused(8, 9, 1).empty());
  CHECK_FALSE(refused(8, 8, 8).empty());
  CHECK_FALSE(refused(8, 0, 0).empty());
}

TEST_CASE("CMA-ES with restarts leaves the hollows in which it would have stayed", "[agents][evolution]") {
  const Row start(4, 3.0);
  for (const uint64_t seed : {0, 1, 2}) {
    const Ipop::Options once{.sigma = 0.5, .population = 8},
        often{.sigma = 0.5, .population = 8, .restarts = 7};
    CHECK(evaluations(Ipop(start, once), 4, rastrigin, seed, 1e-8, 20000) == 20000);
    CHECK(evaluations(Ipop(start, often), 4, rastrigin, seed, 1e-8, 200000) < 200000);
  }
}

TEST_CASE("a restart begins anew with twice the candidates, and is saved", "[agents][evolution]") {
  const Ipop::Options options{.sigma = 1, .population = 6, .restarts = 2};
  Ipop search({1, 2}, options);
  const std::vector<double> first = search.ask(1);
  CHECK(first == Cma({1, 2}, 1, 6).ask(1));
  // 10 + ceil(60 / 6) generations on a plain, then 10 + ceil(60 / 12).
  for (int g = 0; g < 20; ++g) {
    CHECK(search.restarts() == 0);
    search.tell(std::vector<double>(search.ask(1).size() / 2, 4.0));
  }
  CHECK(search.restarts() == 1);
  CHECK(search.search().mean() == Row{1, 2});
  CHECK(search.search().sigma() == 1);
  const std::vector<double> second = search.ask(1);
  CHECK(second.size() == 24);
  CHECK(row(second, 0, 2) != row(first, 0, 2));
  for (int g = 0; g < 14; ++g) search.tell(std::vector<double>(search.ask(1).size() / 2, 4.0));
  CHECK(goes_on(search, Ipop({1, 2}, options), 1));
  search.tell(std::vector<double>(12, 4.0));
  CHECK(search.restarts() == 2);
  for (int g = 0; g < 40; ++g) search.tell(std::vector<double>(search.ask(1).size() / 2, 4.0));
  CHECK(search.restarts() == 2);  // as often as allowed
}

TEST_CASE("a lazy CMA-ES keeps its axes for some generations, and when it is saved", "[agents][evolution]") {
  const size_t wide = 100;  // 1 / (10 d (c_1 + c_mu)) is 2.1 for 9 candidates
  Cma lazy(Row(wide, 1.0), 1, 9, true), eager(Row(wide, 1.0), 1, 9);
  std::vector<double> ratios;
  for (int g = 0; g < 4; ++g) {
    const std::vector<double> x = lazy.ask(3);
    ratios.push_back(lazy.axis_ratio());
    lazy.tell(costs(x, wide, ellipsoid));
    eager.tell(costs(eager.ask(3), wide, ellipsoid));
    CHECK(goes_on(lazy, Cma(Row(wide, 1.0), 1, 9, true), 3));
  }
  CHECK(ratios[0] == 1);
  CHECK(ratios[1] == 1);
  CHECK(ratios[2] > 1);
  CHECK(ratios[3] == ratios[2]);
  CHECK(lazy.mean() != eager.mean());
}

}  // namespace tests::searches
