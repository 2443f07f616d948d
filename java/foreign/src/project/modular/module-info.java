module com.example {
    requires io.github.slicedscore;
}
