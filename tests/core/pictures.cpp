// Folders of pictures and CIFAR-10's records: what they hold, and how what is broken is refused.
#include "core/formats/pictures.h"

#include <fstream>

#include <png.h>
#include <zlib.h>

#include "core/formats/cifar.h"
#include "tests/catch.h"
#include "tests/fuzz/targets.h"
#include "tests/places.h"
#include "tests/refusal.h"
#include "tests/scratch.h"

namespace tests::pictures {

using namespace core::formats;

namespace {

std::string write(const Scratch& scratch, const std::string& name, const std::string& bytes) {
  const std::filesystem::path file = scratch / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << bytes;
  return file.string();
}

// 2 x 3 pixels of red, green and blue.
const std::vector<uint8_t> colours{255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 255, 255, 255};

std::string png_of_colours() {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.height = 2;
  image.width = 3;
  image.format = PNG_FORMAT_RGB;
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(image), '\0');
  png_alloc_size_t length = bytes.size();
  REQUIRE(png_image_write_to_memory(&image, bytes.data(), &length, 0, colours.data(), 0, nullptr));
  bytes.resize(length);
  return bytes;
}

std::string chunk(const std::string& kind, const std::string& held) {
  const auto word = [](size_t number) {
    std::string four;
    for (const int shift : {24, 16, 8, 0}) four += static_cast<char>(number >> shift);
    return four;
  };
  const std::string summed = kind + held;
  return word(held.size()) + summed +
         word(crc32_z(0, reinterpret_cast<const Bytef*>(summed.data()), summed.size()));
}

std::string jpeg() { return fuzz::target("picture").seeds()[2]; }  // 9 x 7 pixels of one grey

}  // namespace

TEST_CASE("a PNG's pixels come back, channel by channel", "[core][pictures]") {
  const Scratch scratch;
  const std::string file = write(scratch, "x.png", png_of_colours());
  const PictureShape shape = picture_shape(file, 3);
  CHECK((shape.height == 2 && shape.width == 3));
  std::vector<uint8_t> pixels(18);
  read_picture(file, shape, pixels.data());
  for (size_t i = 0; i < 6; ++i)
    for (size_t c = 0; c < 3; ++c) CHECK(pixels[6 * c + i] == colours[3 * i + c]);
  std::vector<uint8_t> grey(6);
  read_picture(file, picture_shape(file, 1), grey.data());
  CHECK(grey[5] == 255);
  CHECK((grey[1] > grey[0] && grey[0] > grey[2]));  // green is lighter than red, red than blue
}

TEST_CASE("what a PNG holds beside its picture is passed over, and told where it is damaged",
          "[core][pictures]") {
  const Scratch scratch;
  const std::string png = png_of_colours(), text = chunk("zTXt", "a\0\0no deflate");
  const size_t head = 33;  // bytes: the signature and the first chunk
  const auto read = [&](const std::string& bytes) {
    const std::string file = write(scratch, "x.png", bytes);
    std::vector<uint8_t> pixels(18);
    read_picture(file, picture_shape(file, 3), pixels.data());
    return pixels;
  };
  const std::string with = png.substr(0, head) + text + png.substr(head);
  CHECK(read(with) == read(png));
  CHECK(read(png + "what follows") == read(png));
  std::string damaged = with;
  damaged[head + 9] ^= 1;
  for (const std::string& bytes : {damaged, png.substr(0, png.size() - 12)})
    CHECK(refusal([&] { read(bytes); }).find("x.png: its PNG data are damaged, or cut off") !=
          std::string::npos);
}

TEST_CASE("scans of nothing over a large picture end a JPEG's reading at the first", "[core][pictures]") {
  const std::string file = repository() + "/tests/fuzz/crashers/picture-empty-scans";
  const PictureShape shape = picture_shape(file, 1);
  CHECK((shape.height == 16384 && shape.width == 16384));
  std::vector<uint8_t> pixels(shape.height * shape.width);
  CHECK(refusal([&] { read_picture(file, shape, pixels.data()); }).find("its JPEG data are damaged") !=
        std::string::npos);
}

TEST_CASE("a JPEG is known by its bytes, whatever it is called", "[core][pictures]") {
  const Scratch scratch;
  const std::string file = write(scratch, "x.png", jpeg());
  const PictureShape shape = picture_shape(file, 1);
  CHECK((shape.height == 9 && shape.width == 7));
  std::vector<uint8_t> pixels(63);
  read_picture(file, shape, pixels.data());
  CHECK(pixels == std::vector<uint8_t>(63, 90));
}

TEST_CASE("folders are classes, by the alphabet", "[core][pictures]") {
  const Scratch scratch;
  for (const char* name :
       {"dog/b.png", "dog/a.PNG", "cat/1.jpeg", "cat/.hidden", "dog/notes.txt", "readme.md"})
    write(scratch, name, name);
  const PictureFolder found = list_pictures(scratch.folder);
  CHECK(found.classes == std::vector<std::string>{"cat", "dog"});
  REQUIRE(found.files.size() == 3);
  CHECK((found.files[0].path.filename() == "1.jpeg" && found.files[0].label == 0));
  CHECK((found.files[1].path.filename() == "a.PNG" && found.files[1].label == 1));
  CHECK(found.others == 2);
}

TEST_CASE("pictures that are none, damaged or of another size are refused with their file",
          "[core][pictures]") {
  const Scratch scratch;
  const auto says = [&](const std::string& bytes, const std::string& words) {
    const std::string file = write(scratch, "a/x.png", bytes),
                      text = refusal([&] {
                        PictureShape shape = picture_shape(file, 3);
                        std::vector<uint8_t> pixels(shape.height * shape.width * 3);
                        read_picture(file, shape, pixels.data());
                      });
    INFO(text);
    CHECK(text.find("x.png: ") != std::string::npos);
    CHECK(text.find(words) != std::string::npos);
  };
  const std::string png = png_of_colours();
  says("", "expected a PNG or JPEG picture");
  says("GIF89a", "expected a PNG or JPEG picture");
  says(png.substr(0, 20), "");
  says(png.substr(0, png.size() - 20), "");
  std::string flipped = png;
  flipped[png.size() - 20] = static_cast<char>(~flipped[png.size() - 20]);
  says(flipped, "");
  says(jpeg().substr(0, jpeg().size() - 4), "damaged");
  says(jpeg().substr(0, 100), "");
  const std::string file = write(scratch, "a/y.png", png);
  std::vector<uint8_t> pixels(100);
  CHECK(refusal([&] {
          read_picture(file, {3, 3, 1}, pixels.data());
        }).find("it is 2 x 3, expected 3 x 3") != std::string::npos);
  const Scratch empty;
  CHECK(refusal([&] { list_pictures(empty.folder); }).find("a folder of pictures for each class") !=
        std::string::npos);
  write(empty, "cat/notes.txt", "");
  CHECK(refusal([&] { list_pictures(empty.folder); }).find("no pictures") != std::string::npos);
  CHECK(refusal([&] { list_pictures(empty / "none"); }).find("no such folder") != std::string::npos);
}

TEST_CASE("CIFAR-10's records are labels and planes of colour", "[core][pictures]") {
  const Scratch scratch;
  std::string bytes;
  for (const int label : {3, 9}) {
    bytes += char(label);
    for (int i = 0; i < 3072; ++i) bytes += char((i + label) % 251);
  }
  const CifarRecords found = read_cifar(write(scratch, "x.bin", bytes));
  CHECK(found.labels == std::vector<uint8_t>{3, 9});
  REQUIRE(found.pictures.size() == 2 * 3072);
  CHECK((found.pictures[0] == 3 && found.pictures[3071] == (3071 + 3) % 251 && found.pictures[3072] == 9));
  const auto says = [&](const std::string& text) {
    return refusal([&] { read_cifar(write(scratch, "x.bin", text)); });
  };
  CHECK(says("").find("found 0 bytes") != std::string::npos);
  CHECK(says(bytes.substr(1)).find("expected records of 3073 bytes, found 6145") != std::string::npos);
  bytes[3073] = 10;
  CHECK(says(bytes).find("record 2: label 10, expected 0 .. 9") != std::string::npos);
}

}  // namespace tests::pictures
