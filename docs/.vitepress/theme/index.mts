// Without the default theme's web font: the reader's own fonts are good, and half the size of the manual is saved.
import theme from "vitepress/theme-without-fonts";
import "./manual.css";

export default theme;
