def theme_css(a, b):
    return ""
